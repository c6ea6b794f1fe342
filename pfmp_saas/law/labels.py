"""What a person calls a place of a convention's data, in French."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_RANK = re.compile(r"\[([0-9]+)\]")
_SHOWN = 80


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(
        Path(__file__).with_name("labels.json").read_text(encoding="utf-8")
    )
    return loaded


def label(path: str, own: Mapping[str, str]) -> str:
    """Return « adresse électronique (tuteur) » for ``tutor.email``, « objectifs, ligne 2 » for ``objectives[1]``.

    ``own`` names the fields that the type adds, by path. A path that nobody names stands for itself.
    """
    plain, ranks = _RANK.sub("", path), _RANK.findall(path)
    line = f", ligne {int(ranks[-1]) + 1}" if path.endswith("]") else ""
    return own.get(plain, _composed(plain)) + line


def _composed(plain: str) -> str:
    holder, _, last = plain.rpartition(".")
    field, place = _known()["fields"].get(last), _known()["places"].get(holder)
    if field is None or (holder and place is None):
        return f"« {plain[:_SHOWN]} »"
    return f"{field} ({place})" if place else field
