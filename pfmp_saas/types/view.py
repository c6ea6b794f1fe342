"""Reading the JSON-shaped convention: by path, with a French reason when a shape is wrong."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any

from pfmp_saas.core.json_data import InvalidData

MAX_LINE = 600  # characters of a name, an address, a line
MAX_TEXT = 20_000  # characters of a free text
MAX_ITEMS = 1_000
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]+")


class View:
    """A convention's data seen through dotted paths. An absent or null value is blank, never an error."""

    def __init__(
        self,
        data: Mapping[str, Any],
        defaults: Iterable[tuple[str, float]] = (),
    ) -> None:
        if not isinstance(data, Mapping):
            raise InvalidData("(racine)", "un objet est attendu")
        self._data = data
        self._defaults = dict(defaults)
        self.days_off: Container[date] = ()

    def get(self, path: str) -> Any:
        """The raw value at ``path``, or None; :class:`InvalidData` where an object was expected."""
        value: Any = self._data
        walked: list[str] = []
        for key in path.split("."):
            if value is None:
                return None
            if not isinstance(value, Mapping):
                raise InvalidData(".".join(walked), "un objet est attendu")
            value = value.get(key)
            walked.append(key)
        return value

    def text(self, path: str, limit: int = MAX_LINE) -> str:
        """The text at ``path``, cleaned of control characters; "" when absent."""
        value = self.get(path)
        return "" if value is None else clean(value, path, limit)

    def day(self, path: str) -> date | None:
        """The date at ``path`` (ISO 8601)."""
        value = self.get(path)
        return None if value in (None, "") else parse_day(value, path)

    def number(self, path: str) -> float | None:
        """The number at ``path``: hours, days, kilometres or euros, as the field says."""
        value = self.get(path)
        if value is None:
            return self._defaults.get(path)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise InvalidData(path, "un nombre positif est attendu")
        return float(value)

    def items(self, path: str) -> tuple[Any, ...]:
        """The list at ``path``; empty when absent."""
        value = self.get(path)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
            raise InvalidData(path, f"une liste d’au plus {MAX_ITEMS} éléments est attendue")
        return tuple(value)

    def texts(self, path: str) -> tuple[str, ...]:
        """The list of texts at ``path``, blank ones left out."""
        found = (clean(item, f"{path}[{rank}]", MAX_TEXT) for rank, item in enumerate(self.items(path)))
        return tuple(text for text in found if text)

    def mapping(self, path: str) -> Mapping[str, Any]:
        """The object at ``path``; empty when absent."""
        value = self.get(path)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise InvalidData(path, "un objet est attendu")
        return value


def clean(value: object, path: str, limit: int = MAX_LINE) -> str:
    """``value`` as printable text in NFC; :class:`InvalidData` if it is not a text or is too long."""
    if not isinstance(value, str):
        raise InvalidData(path, "un texte est attendu")
    if len(value) > limit:
        raise InvalidData(path, f"texte de plus de {limit} caractères")
    return unicodedata.normalize("NFC", _CONTROLS.sub(" ", value)).strip()


def parse_day(value: object, path: str) -> date:
    """A date written AAAA-MM-JJ; :class:`InvalidData` otherwise."""
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise InvalidData(path, "une date AAAA-MM-JJ est attendue") from None
