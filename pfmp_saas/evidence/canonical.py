"""RFC 8785: one text for one value, so that a hash means something."""

import json
from typing import Any

import rfc8785


class NotCanonical(ValueError):
    """The text is not the RFC 8785 form of a JSON object; the message says why, in French."""


def canonical(value: dict[str, Any]) -> str:
    """Return the RFC 8785 text of a JSON object; raises ValueError for what JSON can't hold."""
    return rfc8785.dumps(value).decode("utf-8")


def parse(text: str) -> dict[str, Any]:
    """Read a JSON object that must be in RFC 8785 form; raises NotCanonical."""
    try:
        value = json.loads(text)
        again = rfc8785.dumps(value).decode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotCanonical("ce n’est pas du JSON") from error
    if not isinstance(value, dict) or again != text:
        raise NotCanonical("le texte n’est pas sous forme canonique (RFC 8785)")
    return value
