"""The parts of a convention that an amendment may change, and their French text before and after. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pfmp_saas.conventions.hours import DAY_NAMES, shown_days

Data = Mapping[str, Any]
Lines = tuple[str, ...]
NOTHING = "(rien)"


@dataclass(frozen=True)
class Change:
    """One part that differs: its French label, and its text before and after, a line each."""

    part: str
    label: str
    before: Lines
    after: Lines


def changes(before: Data, after: Data) -> tuple[Change, ...]:
    """Return the parts that differ between two states of a convention's data, in the order of the printed convention."""
    differing = []
    for part, (label, show) in PARTS.items():
        old, new = show(before), show(after)
        if old != new:
            old, new = _apart(old, new) if part in _BY_LINE else (old, new)
            differing.append(Change(part, label, old or (NOTHING,), new or (NOTHING,)))
    return tuple(differing)


def _apart(old: Lines, new: Lines) -> tuple[Lines, Lines]:
    """Return both texts without their common lines: a week in which one day changes shows that day."""
    return tuple(line for line in old if line not in new), tuple(line for line in new if line not in old)


def _periods(data: Data) -> Lines:
    return tuple(
        f"du {_day(period.get('start'))} au {_day(period.get('end'))}" for period in data.get("periods") or []
    )


def _day(text: str | None) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else "…"


def _week(data: Data) -> Lines:
    week = data.get("timetable") or {}
    return tuple(
        f"{name} : {' et '.join(f'{start}–{end}' for start, end in week.get(day) or []) or 'repos'}"
        for day, name in DAY_NAMES.items()
    )


def _dated(data: Data) -> Lines:
    return tuple(shown_days(data.get("days") or {}).splitlines())


def _person(data: Data, *path: str) -> Lines:
    person: Any = data
    for name in path:
        person = (person or {}).get(name)
    details = [(person or {}).get(name) for name in ("name", "function", "email", "phone")]
    return (", ".join(text for text in details if text),) if any(details) else ()


def _activities(data: Data) -> Lines:
    activities = data.get("activities") or []
    return tuple([activities] if isinstance(activities, str) else activities)


_BY_LINE = {"timetable", "days"}
PARTS: Mapping[str, tuple[str, Callable[[Data], Lines]]] = {
    "periods": ("Dates de la période de formation", _periods),
    "timetable": ("Horaires de présence", _week),
    "days": ("Jours dont les horaires diffèrent", _dated),
    "representative": (
        "Représentant de l’organisme d’accueil",
        lambda data: _person(data, "host", "representative"),
    ),
    "tutor": ("Tuteur", lambda data: _person(data, "tutor")),
    "referent": ("Enseignant référent", lambda data: _person(data, "referent")),
    "activities": ("Activités prévues", _activities),
}
"""The parts that an amendment may change, with their French label and the function that writes them."""
