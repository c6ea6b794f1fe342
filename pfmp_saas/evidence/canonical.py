"""RFC 8785: one text for one value, so that equal values have equal hashes.

Numbers are integers, keys are plain: for those the standard library's encoder already writes RFC 8785, and a general
one costs ten times more. The tests compare it with ``rfc8785``.
"""

import json
from typing import Any

_LARGEST = 2**53 - 1  # RFC 8785 keeps to what a double holds exactly
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_PLAIN = "\uffff"  # beyond it RFC 8785 sorts by UTF-16 units, Python by code points


class NotCanonical(ValueError):
    """The text is not the RFC 8785 form of a JSON object; the message says why, in French."""


def canonical(value: dict[str, Any]) -> str:
    """Return the RFC 8785 text of a JSON object; raises ValueError for what an event can't hold."""
    _check(value)
    text = _ENCODER.encode(value)
    text.encode()  # half a surrogate pair has no UTF-8: UnicodeEncodeError is a ValueError
    return text


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or (not key.isascii() and max(key) > _PLAIN):
                raise ValueError("une clé n’est pas un texte simple")
            if not isinstance(item, str):  # most are, and a call for each would cost a third of an audit
                _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif value is not None and not isinstance(value, str) and not _whole(value):
        raise ValueError("un nombre n’est pas un entier exact")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and abs(value) <= _LARGEST


def parse(text: str) -> dict[str, Any]:
    """Read a JSON object that must be in RFC 8785 form; raises NotCanonical."""
    try:
        value = json.loads(text)
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonical("ce n’est pas du JSON d’événement") from error
    if not isinstance(value, dict) or again != text:
        raise NotCanonical("le texte n’est pas sous forme canonique (RFC 8785)")
    return value
