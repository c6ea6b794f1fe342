"""Reading data of a valid shape: values by dotted path, days, hours and periods, or a fault that names its path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pfmp_saas.core.json_data import InvalidData, shown

LONGEST = timedelta(days=3 * 366)
_YEARS = range(1900, 2200)


@dataclass(frozen=True, order=True)
class Slot:
    """A stretch of presence within one day, in minutes after local midnight; ``end`` is 1440 at most."""

    start: int
    end: int


Hours = tuple[Slot, ...]


@dataclass(frozen=True, order=True)
class Period:
    """First and last day of a placement, both included."""

    start: date
    end: date


def read_period(item: Mapping[str, Any], path: str) -> Period | None:
    """Return the period in ``item``, None while a date is missing. Raises InvalidData when it ends too early."""
    start, end = (read_day(item.get(key), f"{path}.{key}") for key in ("start", "end"))
    if start is None or end is None:
        return None
    if end < start:
        raise InvalidData(
            path, f"la période finit ({end.isoformat()}) avant de commencer ({start.isoformat()})"
        )
    if end - start > LONGEST:
        raise InvalidData(path, "la période dure plus de trois ans")
    return Period(start, end)


class Reader:
    """Reads data of a valid shape by dotted path; a path that is not there is None."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def get(self, path: str) -> Any:
        """The value at ``path``, or None."""
        value: Any = self._data
        for key in path.split("."):
            value = value.get(key) if value else None
        return value

    def day(self, path: str) -> date | None:
        """The date at ``path``."""
        return read_day(self.get(path), path)

    def integer(self, path: str) -> int | None:
        """The whole number at ``path``."""
        value = self.get(path)
        return None if value is None else int(value)

    def decimal(self, path: str) -> Decimal | None:
        """The number at ``path``, exact."""
        value = self.get(path)
        return None if value is None else Decimal(str(value))

    def hours(self, path: str) -> Hours:
        """The stretches of presence at ``path``."""
        return read_hours(self.get(path), path)

    def periods(self, path: str) -> Iterator[Period]:
        """The complete periods of the list at ``path``."""
        for rank, item in enumerate(self.get(path) or ()):
            found = read_period(item or {}, f"{path}[{rank}]")
            if found:
                yield found

    def dated(self, path: str) -> Mapping[date, Hours]:
        """The stretches of presence by date at ``path``."""
        found = {}
        for key, value in (self.get(path) or {}).items():
            day = read_day(key, f"{path}.{key}")
            assert day is not None
            found[day] = read_hours(value, f"{path}.{key}")
        return found


def read_day(value: str | None, path: str) -> date | None:
    """Return the date of an ISO text. Raises InvalidData when the calendar has none."""
    if value is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise InvalidData(path, f"{shown(value)} n’est pas une date qui existe") from None
    if found.year not in _YEARS:
        raise InvalidData(path, f"{shown(value)} est hors des années 1900 à 2199")
    return found


def read_hours(value: list[list[str]] | None, path: str) -> Hours:
    """Return a day's stretches in order. Raises InvalidData when two overlap or one ends before it starts."""
    slots = sorted(_slot(item, f"{path}[{rank}]") for rank, item in enumerate(value or ()))
    for first, second in pairwise(slots):
        if second.start < first.end:
            raise InvalidData(path, "deux plages de la journée se chevauchent")
    return tuple(slots)


def _slot(item: list[str], path: str) -> Slot:
    start, end = (60 * int(text[:2]) + int(text[3:]) for text in item)
    if end <= start:
        raise InvalidData(
            path,
            f"la plage finit ({item[1]}) avant de commencer ({item[0]}) ; un travail qui passe minuit s’écrit "
            "sur les deux jours, jusqu’à 24:00 puis dès 00:00",
        )
    return Slot(start, end)
