"""A school's convention type as one JSON file (``pfmp-revision/2``): written, hashed, read with the line of a fault."""

import base64
import binascii
import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from pfmp_saas.core.json_data import InvalidData, loads, validate
from pfmp_saas.documents.images import InvalidImage, checked_logo
from pfmp_saas.types.document import digest_of
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.model import OwnField, Question
from pfmp_saas.types.revisions.content import Content, Piece

FORMAT = "pfmp-revision/2"
_DECODER = json.JSONDecoder()
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@cache
def revision_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a school's convention type, as one file."""
    text = Path(__file__).with_name("revision.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def dumped(content: Content) -> dict[str, Any]:
    """Return a revision as the JSON of its file."""
    return {
        "format": FORMAT,
        "base": content.base,
        "version": content.version,
        "base_digest": content.base_digest,
        "articles": [asdict(piece) | {"mentions": list(piece.mentions)} for piece in content.pieces],
        "annexes_off": list(content.annexes_off),
        "letterhead": {"lines": list(content.lines), "logo": content.logo},
        "signing_order": list(content.signing_order),
        "blocking": list(content.blocking),
        "own_fields": [asdict(each) for each in content.own_fields],
        "evaluation": {
            "introduction": content.introduction,
            "questions": [asdict(each) for each in content.questions],
        },
    }


def digest(content: Content) -> str:
    """Return the SHA-256 of a revision's canonical JSON, in hexadecimal."""
    return digest_of(dumped(content))


def parsed(text: str) -> Content:
    """Read a file from elsewhere. Raises InvalidType with the line and the reason of the first fault."""
    try:
        content = read(loads(text))
        _logo(content.logo)
    except InvalidData as fault:
        if fault.path == "(racine)":
            raise InvalidType(fault.reason) from None
        raise InvalidType(f"ligne {line_of(text, fault.path)}, {fault.path} : {fault.reason}") from None
    return content


def read(data: object) -> Content:
    """Read the JSON of a revision. Raises InvalidData with the path of the fault."""
    validate(data, revision_schema())
    assert isinstance(data, dict)
    head, asked = data.get("letterhead", {}), data.get("evaluation")
    if asked is None:
        raise InvalidData("evaluation", "il manque le questionnaire")
    return Content(
        base=data["base"],
        version=data["version"],
        base_digest=data["base_digest"],
        pieces=tuple(_piece(item) for item in data["articles"]),
        introduction=asked["introduction"],
        questions=tuple(Question(each["id"], each["text"], each["answer"]) for each in asked["questions"]),
        annexes_off=tuple(data.get("annexes_off", ())),
        lines=tuple(head.get("lines", ())),
        logo=head.get("logo", ""),
        signing_order=tuple(data.get("signing_order", ())),
        blocking=tuple(data.get("blocking", ())),
        own_fields=tuple(_own(each) for each in data.get("own_fields", ())),
    )


def _piece(item: dict[str, Any]) -> Piece:
    return Piece(item["title"], item["text"], item.get("origin"), tuple(item.get("mentions", ())))


def _own(item: dict[str, Any]) -> OwnField:
    return OwnField(item["name"], item["label"], item["kind"], item.get("required", False))


def _logo(text: str) -> None:
    """Raise InvalidData for a logo that is not the image that we would have made of it ourselves."""
    try:
        if text and checked_logo(base64.b64decode(text, validate=True)) != base64.b64decode(text):
            raise InvalidData("letterhead.logo", "cette image n’est pas celle qu’un export écrit")
    except (binascii.Error, InvalidImage):
        raise InvalidData("letterhead.logo", "ce n’est pas une image PNG en base64") from None


def line_of(text: str, path: str) -> int:
    """Return the line, from 1, where the value at ``path`` begins; its parent's when it is absent."""
    place = _blank(text, 0)
    for index, key in _STEP.findall(path):
        inner = _into(text, place, int(index) if index else key)
        if inner is None:
            break
        place = inner
    return text.count("\n", 0, place) + 1


def _into(text: str, place: int, wanted: int | str) -> int | None:
    """Return where the member ``wanted`` of the object or list that begins at ``place`` begins."""
    closing, place, rank = "]" if text[place] == "[" else "}", _blank(text, place + 1), 0
    while text[place] != closing:
        key: object = rank
        if closing == "}":
            key, place = _DECODER.raw_decode(text, place)
            place = _blank(text, _blank(text, place) + 1)  # past the colon
        if key == wanted:
            return place
        place = _blank(text, _DECODER.raw_decode(text, place)[1])
        place, rank = _blank(text, place + (text[place] == ",")), rank + 1
    return None


def _blank(text: str, place: int) -> int:
    while text[place : place + 1] in (" ", "\t", "\n", "\r"):
        place += 1
    return place
