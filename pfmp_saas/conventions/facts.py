"""The facts of a convention, typed and frozen: what the checks read. FILE.json is their written form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pfmp_saas.conventions.shape import InvalidFacts, loads, schema, shown, validate_shape
from pfmp_saas.core.identifiers import is_siret

__all__ = [
    "Facts",
    "InvalidFacts",
    "Override",
    "Period",
    "Slot",
    "loads",
    "parse",
    "schema",
    "validate_shape",
]

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = timedelta(days=3 * 366)
_LEVELS = ("asbestos_level", "ionising_category")
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


@dataclass(frozen=True)
class Override:
    """A derogation that the head of school recorded: the code of the check, why, and who."""

    code: str
    reason: str
    by: str


@dataclass(frozen=True)
class Host:
    """What the checks read of the host. ``trainees`` counts this one; ``weekly_hours`` is its own agreement."""

    territory: str | None
    staff: int | None
    weekly_hours: Decimal | None
    modulated: bool
    commune_good_friday: bool
    derogation_sent_on: date | None
    trainees: int | None
    academic_order: bool
    hours_done: Decimal
    previous_placement: Period | None


@dataclass(frozen=True)
class Student:
    """What the checks read of the pupil; ``elsewhere`` holds the placements of his or her other conventions."""

    birth_date: date | None
    medical_opinion_on: date | None
    appropriate_rhythm: bool
    elsewhere: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Facts:
    """A convention as the checks read it; absent facts are None or empty.

    ``timetable`` and ``school_timetable`` hold seven days, Monday first; ``days`` and ``school_days`` the
    dated exceptions. ``abroad`` names what is said of a placement abroad, ``levels`` the level of works that
    have one. ``filled`` holds the dotted path of every fact that is there and not blank. Money is
    in euros.
    """

    type: str
    uai: str | None
    host: Host
    student: Student
    periods: tuple[Period, ...]
    timetable: tuple[Hours, ...]
    days: Mapping[date, Hours]
    school_timetable: tuple[Hours, ...]
    school_days: Mapping[date, Hours]
    works: tuple[str, ...]
    pupils_followed: int | None
    running_conventions: int | None
    hourly_gratification: Decimal | None
    abroad: frozenset[str]
    levels: Mapping[str, str]
    overrides: tuple[Override, ...]
    filled: frozenset[str]


def parse(data: object) -> Facts:
    """The facts in ``data``, the JSON value of FILE.json; :class:`InvalidFacts` says what is wrong and where.

    A day is refused when a stretch ends before it starts or two overlap: work that crosses midnight is
    written on both days, up to 24:00 then from 00:00.
    """
    validate_shape(data)
    assert isinstance(data, dict)
    read = _Reader(data)
    _identifiers(read)
    return Facts(
        type=data["type"],
        uai=read.get("school.uai"),
        host=_host(read),
        student=_student(read),
        periods=tuple(_periods(read)),
        timetable=tuple(read.hours(f"timetable.{day}") for day in WEEK),
        days=read.dated("days"),
        school_timetable=tuple(read.hours(f"school_timetable.{day}") for day in WEEK),
        school_days=read.dated("school_days"),
        works=tuple(dict.fromkeys(read.get("works") or ())),
        pupils_followed=read.integer("referent.pupils_followed"),
        running_conventions=read.integer("tutor.running_conventions"),
        hourly_gratification=read.decimal("finance.gratification.hourly"),
        abroad=frozenset(name for name, value in (read.get("abroad") or {}).items() if not _blank(value)),
        levels={name: read.get(f"regulated.{name}") for name in _LEVELS if read.get(f"regulated.{name}")},
        overrides=tuple(
            Override(item["code"], item["reason"], item["by"]) for item in read.get("overrides") or ()
        ),
        filled=frozenset(_filled(data, "")),
    )


def _host(read: "_Reader") -> Host:
    previous = read.get("host.previous_placement")
    territory = read.get("host.territory")
    return Host(
        territory=territory.upper() if territory else None,
        staff=read.integer("host.staff"),
        weekly_hours=read.decimal("host.weekly_hours"),
        modulated=bool(read.get("host.modulated")),
        commune_good_friday=bool(read.get("host.commune_good_friday")),
        derogation_sent_on=read.day("host.derogation_sent_on"),
        trainees=read.integer("host.trainees"),
        academic_order=bool(read.get("host.academic_order")),
        hours_done=read.decimal("host.hours_done") or Decimal(0),
        previous_placement=_period(previous, "host.previous_placement") if previous else None,
    )


def _student(read: "_Reader") -> Student:
    return Student(
        birth_date=read.day("student.birth_date"),
        medical_opinion_on=read.day("student.medical_opinion_on"),
        appropriate_rhythm=bool(read.get("student.appropriate_rhythm")),
    )


def _identifiers(read: "_Reader") -> None:
    read.day("school.board_date")
    siret = read.get("host.siret")
    if siret and not is_siret(siret):
        raise InvalidFacts("host.siret", f"{shown(siret)} n’est pas un SIRET : un chiffre est faux ou manque")


def _periods(read: "_Reader") -> Iterator[Period]:
    for rank, item in enumerate(read.get("periods") or ()):
        found = _period(item or {}, f"periods[{rank}]")
        if found:
            yield found


def _period(item: Mapping[str, Any], path: str) -> Period | None:
    start, end = (_day(item.get(key), f"{path}.{key}") for key in ("start", "end"))
    if start is None or end is None:
        return None
    if end < start:
        raise InvalidFacts(
            path, f"la période finit ({end.isoformat()}) avant de commencer ({start.isoformat()})"
        )
    if end - start > LONGEST:
        raise InvalidFacts(path, "la période dure plus de trois ans")
    return Period(start, end)


class _Reader:
    """Reads data of a valid shape by dotted path; a path that is not there is None."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def get(self, path: str) -> Any:
        value: Any = self._data
        for key in path.split("."):
            value = value.get(key) if value else None
        return value

    def day(self, path: str) -> date | None:
        return _day(self.get(path), path)

    def integer(self, path: str) -> int | None:
        value = self.get(path)
        return None if value is None else int(value)

    def decimal(self, path: str) -> Decimal | None:
        value = self.get(path)
        return None if value is None else Decimal(str(value))

    def hours(self, path: str) -> Hours:
        return _hours(self.get(path), path)

    def dated(self, path: str) -> Mapping[date, Hours]:
        found = {}
        for key, value in (self.get(path) or {}).items():
            day = _day(key, f"{path}.{key}")
            assert day is not None
            found[day] = _hours(value, f"{path}.{key}")
        return found


def _day(value: str | None, path: str) -> date | None:
    if value is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise InvalidFacts(path, f"{shown(value)} n’est pas une date qui existe") from None
    if found.year not in _YEARS:
        raise InvalidFacts(path, f"{shown(value)} est hors des années 1900 à 2199")
    return found


def _hours(value: list[list[str]] | None, path: str) -> Hours:
    slots = sorted(_slot(item, f"{path}[{rank}]") for rank, item in enumerate(value or ()))
    for first, second in pairwise(slots):
        if second.start < first.end:
            raise InvalidFacts(path, "deux plages de la journée se chevauchent")
    return tuple(slots)


def _slot(item: list[str], path: str) -> Slot:
    start, end = (60 * int(text[:2]) + int(text[3:]) for text in item)
    if end <= start:
        raise InvalidFacts(
            path,
            f"la plage finit ({item[1]}) avant de commencer ({item[0]}) ; un travail qui passe minuit s’écrit "
            "sur les deux jours, jusqu’à 24:00 puis dès 00:00",
        )
    return Slot(start, end)


def _filled(value: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, item in value.items():
        if isinstance(item, Mapping):
            yield from _filled(item, f"{prefix}{name}.")
        if not _blank(item):
            yield f"{prefix}{name}"


def _blank(item: object) -> bool:
    if isinstance(item, Mapping):
        return all(_blank(child) for child in item.values())
    if isinstance(item, list | tuple):
        return all(_blank(child) for child in item)
    return item is None or item is False or (isinstance(item, str) and not item.strip())
