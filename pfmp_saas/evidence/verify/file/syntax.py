"""The one way in which the service writes PDF objects, read strictly: what two readers could read in two ways is refused.

No comment, no escaped name, no key twice, no blank but space and line feed, sixty of them at most (a signature's range is
padded), strings of printable ASCII and escapes.
"""

import re
from dataclasses import dataclass
from typing import Any

from pfmp_saas.evidence.verify.report import Wrong

_DEEPEST_OBJECT = 24
_OBJECT_TOKEN = re.compile(
    rb"[ \n]{0,60}(?:(?P<open><<)|(?P<close>>>)|(?P<array>\[)|(?P<end>\])|/(?P<name>[A-Za-z0-9+._-]{1,100})"
    rb"|(?P<ref>[1-9][0-9]{0,6}) 0 R(?![A-Za-z0-9])|(?P<number>-?(?:[0-9]{1,10}(?:\.[0-9]{1,10})?|\.[0-9]{1,10}))(?![0-9A-Za-z.+-])"
    rb"|\((?P<text>(?:[ -'*-\[\]-~]|\\(?:[0-7]{3}|[nrtbf()\\]))*)\)|<(?P<hex>(?:[0-9A-Fa-f]{2})*)>"
    rb"|(?P<word>true|false|null)(?![A-Za-z0-9]))"
)
_ESCAPE = re.compile(rb"\\([0-7]{3}|[nrtbf()\\])")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Ref:
    """A reference to an object, by its number."""

    number: int


class PdfName(str):
    """A name, without its slash."""

    __slots__ = ()


PdfValue = Any
"""A dictionary (keys without slash), a list, a :class:`PdfName`, a :class:`Ref`, bytes, a number, a boolean, None."""


def read_value(text: bytes, start: int = 0) -> tuple[PdfValue, int]:
    """Read one value; return it, and the place after it. Raises Wrong for any other spelling."""
    return _pdf_value(text, _object_token(text, start), 0)


def _object_token(text: bytes, start: int) -> "re.Match[bytes]":
    found = _OBJECT_TOKEN.match(text, start)
    if found is None:
        raise Wrong("un objet du PDF n’est pas écrit comme le service les écrit")
    return found


def _pdf_value(text: bytes, token: "re.Match[bytes]", depth: int) -> tuple[PdfValue, int]:
    if depth > _DEEPEST_OBJECT:
        raise Wrong("un objet du PDF est trop imbriqué")
    match token.lastgroup:
        case "open":
            return _pdf_dictionary(text, token.end(), depth + 1)
        case "array":
            return _pdf_array(text, token.end(), depth + 1)
        case _:
            return _pdf_leaf(token), token.end()


def _pdf_leaf(token: "re.Match[bytes]") -> PdfValue:
    kind = token.lastgroup or ""
    written = token[kind]
    match kind:
        case "name":
            return PdfName(written.decode("ascii"))
        case "ref":
            return Ref(int(written))
        case "number":
            return float(written) if b"." in written else int(written)
        case "text":
            return _ESCAPE.sub(_unescaped, written)
        case "hex":
            return bytes.fromhex(written.decode("ascii"))
        case "word":
            return {b"true": True, b"false": False, b"null": None}[written]
    raise Wrong("un objet du PDF n’est pas écrit comme le service les écrit")


def _unescaped(found: "re.Match[bytes]") -> bytes:
    escape = found[1]
    if len(escape) == 1:
        return _ESCAPED.get(escape, escape)
    code = int(escape, 8)
    if code > 0xFF:
        raise Wrong("un texte du PDF n’est pas écrit comme le service les écrit")
    return bytes((code,))


def _pdf_dictionary(text: bytes, start: int, depth: int) -> tuple[dict[str, PdfValue], int]:
    found: dict[str, PdfValue] = {}
    while (token := _object_token(text, start)).lastgroup != "close":
        if token.lastgroup != "name" or (key := token["name"].decode("ascii")) in found:
            raise Wrong("un objet du PDF nomme deux fois la même entrée, ou rien")
        found[key], start = _pdf_value(text, _object_token(text, token.end()), depth)
    return found, token.end()


def _pdf_array(text: bytes, start: int, depth: int) -> tuple[list[PdfValue], int]:
    found: list[PdfValue] = []
    while (token := _object_token(text, start)).lastgroup != "end":
        value, start = _pdf_value(text, token, depth)
        found.append(value)
    return found, token.end()
