"""Reading a convention's data: values by dotted path, or a fault that names its path. Checks and printing both read here."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from pfmp_saas.core.json_data import InvalidData, shown
from pfmp_saas.law.presence import WEEK, Hours, Period, Presence, Slot
from pfmp_saas.law.territories import ABROAD, CODES, UNHELD, place_code

MAX_LINE = 600  # characters of a name, an address, a line
MAX_TEXT = 20_000  # characters of a free text
MAX_ITEMS = 1_100
MAX_NUMBER = 1_000_000_000
LONGEST = timedelta(days=3 * 366)
_YEARS = range(1900, 2200)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]+")
_DRAWN_ALIKE = str.maketrans(
    {
        **dict.fromkeys(
            "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000", " "
        ),
        **dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}", "-"),
    }
)
"""Blanks and hyphens that a reader can't tell from the usual ones, and that our fonts lack."""
_MIDNIGHT = 24 * 60


class Reader:
    """Reads a convention's data by dotted path. What is absent or null is None or empty, never a fault.

    ``defaults`` are numbers that stand for absent ones, by path. ``as_typed`` takes hours as they stand, to be printed:
    a stretch that ends before it starts ends the next day, and two may overlap; the checks refuse both.
    Every method raises InvalidData for a value of another kind.
    """

    def __init__(
        self, data: object, *, defaults: Iterable[tuple[str, float]] = (), as_typed: bool = False
    ) -> None:
        self._data = _mapping(data, "(racine)")
        self._defaults = dict(defaults)
        self._as_typed = as_typed

    def get(self, path: str) -> Any:
        """Return the raw value at ``path``, or None."""
        value: Any = self._data
        walked: list[str] = []
        for key in path.split("."):
            if value is None:
                return None
            value = _mapping(value, ".".join(walked)).get(key)
            walked.append(key)
        return value

    def filled(self, path: str) -> bool:
        """Tell whether something is said at ``path``; blanks and false are nothing."""
        return not is_blank(self.get(path))

    def text(self, path: str, limit: int = MAX_LINE) -> str:
        """Return the text at ``path``, cleaned; "" when absent."""
        value = self.get(path)
        return "" if value is None else clean(value, path, limit)

    def texts(self, path: str) -> tuple[str, ...]:
        """Return the list of texts at ``path``, cleaned, blank ones left out."""
        cleaned = (clean(item, f"{path}[{rank}]", MAX_TEXT) for rank, item in enumerate(self.items(path)))
        return tuple(text for text in cleaned if text)

    def flag(self, path: str) -> bool:
        """Tell whether the value at ``path`` is true."""
        return self.get(path) is True

    def day(self, path: str) -> date | None:
        """Return the date at ``path``."""
        value = self.get(path)
        return None if value in (None, "") else read_day(value, path)

    def decimal(self, path: str) -> Decimal | None:
        """Return the number at ``path``, exact: hours, days, kilometres or euros, as the field says."""
        value = self.get(path)
        value = self._defaults.get(path) if value is None else value
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MAX_NUMBER:
            raise InvalidData(path, f"{shown(value)} n’est pas un nombre positif")
        return Decimal(str(value))

    def integer(self, path: str) -> int | None:
        """Return the whole number at ``path``."""
        value = self.decimal(path)
        return None if value is None else int(value)

    def items(self, path: str) -> tuple[Any, ...]:
        """Return the list at ``path``; empty when absent."""
        return _items(self.get(path), path)

    def mapping(self, path: str) -> Mapping[str, Any]:
        """Return the object at ``path``; empty when absent."""
        value = self.get(path)
        return {} if value is None else _mapping(value, path)

    def hours(self, path: str) -> Hours:
        """Return the stretches of presence at ``path``, in order."""
        return self._hours(self.get(path), path)

    def dated(self, path: str) -> Mapping[date, Hours]:
        """Return the stretches of presence by date at ``path``, in the order of the dates."""
        found = {
            read_day(key, f"{path}.{key}"): self._hours(value, f"{path}.{key}")
            for key, value in self.mapping(path).items()
        }
        return dict(sorted(found.items()))

    def period(self, path: str) -> Period | None:
        """Return the period at ``path``, None while one of its dates is missing."""
        return _period(self.get(path), path)

    def periods(self, path: str) -> tuple[Period, ...]:
        """Return the complete periods of the list at ``path``."""
        read = (_period(item, f"{path}[{rank}]") for rank, item in enumerate(self.items(path)))
        return tuple(period for period in read if period)

    @cached_property
    def presence(self) -> Presence:
        """Return when the pupil is present."""
        territory = place_code(self.text("host.territory"))
        return Presence(
            periods=self.periods("periods"),
            week=self.week("timetable"),
            days=self.dated("days"),
            territory=territory if territory in CODES or territory in UNHELD else None,
            abroad=territory == ABROAD or self.filled("abroad.country"),
            commune_good_friday=self.flag("host.commune_good_friday"),
        )

    def week(self, path: str) -> tuple[Hours, ...]:
        """Return the hours of the seven days at ``path``, Monday first."""
        return tuple(self.hours(f"{path}.{day}") for day in WEEK)

    def _hours(self, value: object, path: str) -> Hours:
        slots = sorted(self._slot(item, f"{path}[{rank}]") for rank, item in enumerate(_items(value, path)))
        for first, second in pairwise(slots):
            if second.start < first.end and not self._as_typed:
                raise InvalidData(path, "deux plages de la journée se chevauchent")
        return tuple(slots)

    def _slot(self, item: object, path: str) -> Slot:
        if not isinstance(item, list | tuple) or len(item) != 2:
            raise InvalidData(path, f"{shown(item)} n’est pas une plage [début, fin]")
        start, end = (_minute(value, f"{path}[{rank}]") for rank, value in enumerate(item))
        if end <= start and not self._as_typed:
            raise InvalidData(
                path,
                f"la plage finit ({item[1]}) avant de commencer ({item[0]}) ; un travail qui passe minuit "
                "s’écrit sur les deux jours, jusqu’à 24:00 puis dès 00:00",
            )
        return Slot(start, end if end > start else end + _MIDNIGHT)


def read_day(value: object, path: str) -> date:
    """Return the date of a text AAAA-MM-JJ. Raises InvalidData when the calendar has none, or far from our time."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise InvalidData(path, f"{shown(value)} n’est pas une date AAAA-MM-JJ")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InvalidData(path, f"{shown(value)} n’est pas une date qui existe") from None
    if day.year not in _YEARS:
        raise InvalidData(path, f"{shown(value)} est hors des années 1900 à 2199")
    return day


def clean(value: object, path: str, limit: int = MAX_LINE) -> str:
    """Return ``value`` as printable text in NFC. Raises InvalidData if it is not a text or passes ``limit`` characters."""
    if not isinstance(value, str):
        raise InvalidData(path, f"{shown(value)} n’est pas un texte")
    if len(value) > limit:
        raise InvalidData(path, f"texte de plus de {limit} caractères")
    return printed(_CONTROLS.sub(" ", value)).strip()


def printed(text: str) -> str:
    """Return a text's characters as they are printed: composed, blanks and hyphens of the usual kinds."""
    return unicodedata.normalize("NFC", text).translate(_DRAWN_ALIKE)


def filled_paths(data: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted path of everything that is there and not blank."""
    for name, item in data.items():
        if isinstance(item, Mapping):
            yield from filled_paths(item, f"{prefix}{name}.")
        if not is_blank(item):
            yield f"{prefix}{name}"


def written_texts(data: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every text in the data, as it is written: ``periods[0].start``."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, Mapping):
        for name, item in data.items():
            yield from written_texts(item, f"{path}.{name}" if path else name)
    elif isinstance(data, list | tuple):
        for rank, item in enumerate(data):
            yield from written_texts(item, f"{path}[{rank}]")


def is_blank(item: object) -> bool:
    """Tell whether a value says nothing: absent, false, blank, or made of such values only."""
    if isinstance(item, Mapping):
        return all(map(is_blank, item.values()))
    if isinstance(item, list | tuple):
        return all(map(is_blank, item))
    return item is None or item is False or (isinstance(item, str) and not item.strip())


def _period(item: object, path: str) -> Period | None:
    ends = _mapping(item if item is not None else {}, path)
    start, end = (ends.get(key) and read_day(ends[key], f"{path}.{key}") for key in ("start", "end"))
    if not start or not end:
        return None
    if end < start:
        raise InvalidData(
            path, f"la période finit ({end.isoformat()}) avant de commencer ({start.isoformat()})"
        )
    if end - start > LONGEST:
        raise InvalidData(path, "la période dure plus de trois ans")
    return Period(start, end)


def _minute(value: object, path: str) -> int:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidData(path, f"{shown(value)} n’est pas une heure HH:MM")
    return int(match[1] or match[3]) * 60 + int(match[2] or match[4])


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidData(path, f"{shown(value)} n’est pas un objet")
    return value


def _items(value: object, path: str) -> tuple[Any, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
        raise InvalidData(path, f"{shown(value)} n’est pas une liste d’au plus {MAX_ITEMS} éléments")
    return tuple(value)
