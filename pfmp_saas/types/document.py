"""A convention type as one JSON document (``pfmp-type/3``): assembled from its folder, read into its model."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from pfmp_saas.law.checks.profile import Profile
from pfmp_saas.types import articles, blocks
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.model import (
    Annex,
    Attestation,
    ConventionType,
    Evaluation,
    FieldRule,
    ImpactRow,
    Mention,
    Question,
    Signer,
)
from pfmp_saas.types.templates import STATUTORY

FORMAT = "pfmp-type/3"
_HERE = Path(__file__).parent
_PLAIN = (
    "slug", "version", "label", "heading", "subheading", "footer", "articles_title",
    "accident_regime",
)  # fmt: skip
_TUPLES: dict[str, list[str]] = {
    "legal_basis": [],
    "to_confirm": [],
    "parties": [],
    "order": ["header", "articles", "closing", "annexes"],
}

Json = dict[str, Any]


def assembled(folder: Path) -> Json:
    """Return the document of a packaged type: its folder's files, and what all types share, in one."""
    raw: Json = _json(folder / "type.json")
    own = folder / "fields.json"
    sources = articles.sources((folder / "articles.md").read_text(encoding="utf-8"))
    words = _json(_HERE / "mentions.json")["words"]
    mentions = [_worded(mention, words) for mention in raw["mentions"]]
    parts = {
        name: _json(folder / f"{name}.json") for name in ("header", "annexes", "attestation", "evaluation")
    }
    return {
        "format": FORMAT,
        **raw,
        **parts,
        "mentions": mentions,
        "articles": [{"title": title, "text": text} for title, text in sources],
        "fields": _json(_HERE / "fields.json") | (_json(own) if own.exists() else {}),
    }


def _worded(mention: Json, words: dict[str, list[list[str]]]) -> Json:
    return mention | ({"words": words.get(str(mention["number"]), [])} if mention.get("articles") else {})


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def canonical(document: Json) -> str:
    """Return the text that is hashed and kept: keys sorted, no blank, Unicode as it is."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(document: Json) -> str:
    """Return the SHA-256 of a document's canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def kind_of(document: Json) -> ConventionType:
    """Read a document; :class:`InvalidType` says what is wrong in it. Placeholders are judged by the loader."""
    if document.get("format") != FORMAT:
        raise InvalidType(f"format : « {FORMAT} » est attendu")
    lists: Json = {name: tuple(document.get(name, default)) for name, default in _TUPLES.items()}
    until = document["valid_until"]
    return ConventionType(
        **{name: document[name] for name in _PLAIN},
        **lists,
        valid_from=date.fromisoformat(document["valid_from"]),
        valid_until=date.fromisoformat(until) if until else None,
        signers=tuple(Signer(**signer) for signer in document["signers"]),
        rules=_rules(document["rules"]),
        mentions=tuple(_mention(mention) for mention in document["mentions"]),
        header_origin=document.get("header_origin", STATUTORY),
        dense_header=document.get("dense_header", False),
        defaults=tuple(document.get("defaults", {}).items()),
        header=blocks.parse_all(document["header"], "header"),
        articles=articles.parse(_markdown(document["articles"])),
        closing=blocks.parse_all(document.get("closing", []), "closing"),
        annexes=tuple(_annex(annex) for annex in document["annexes"]),
        attestation=_attestation(document["attestation"]),
        evaluation=_evaluation(document["evaluation"]),
        impact=tuple(
            ImpactRow(row["label"], tuple(row["paths"]), tuple(row["concerns"]))
            for row in document.get("impact", ())
        ),
        fields=tuple(sorted((name, FieldRule(**rule)) for name, rule in document["fields"].items())),
    )


def _markdown(pieces: list[Json]) -> str:
    return "\n\n".join(f"# {piece['title']}\n\n{piece['text']}" for piece in pieces)


def _mention(raw: Json) -> Mention:
    lists = {key: tuple(raw.get(key, ())) for key in ("required", "optional", "articles")}
    words = tuple(tuple(group) for group in raw.get("words", ()))
    return Mention(number=raw["number"], label=raw["label"], words=words, **lists)


def _rules(raw: Json) -> Profile:
    articles = tuple(sorted((topic, tuple(numbers)) for topic, numbers in raw["articles"].items()))
    return Profile(**{**raw, "articles": articles, "overridable": frozenset(raw.get("overridable", ()))})


def _annex(raw: Json) -> Annex:
    where = f"annexe {raw['number']}"
    return Annex(
        number=raw["number"],
        slug=raw["slug"],
        title=raw["title"],
        subtitle=raw["subtitle"],
        content=raw.get("content", "blocks"),
        place=raw.get("place", "end"),
        origin=raw.get("origin", STATUTORY),
        blocks=blocks.parse_all(raw.get("blocks", []), where),
        signed_by=tuple(raw.get("signed_by", ())),
    )


def _attestation(raw: Json) -> Attestation:
    parsed = blocks.parse_all(raw["blocks"], "attestation")
    return Attestation(raw["heading"], raw["signature"], raw["made_at"], parsed)


def _evaluation(raw: Json) -> Evaluation:
    questions = tuple(Question(**question) for question in raw["questions"])
    return Evaluation(raw["origin"], raw["introduction"], tuple(raw["scale"]), questions)
