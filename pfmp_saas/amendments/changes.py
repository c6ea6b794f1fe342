"""What an amendment changes: the parts of a convention it may touch, and each as people read it, before and after. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pfmp_saas.conventions.hours import DAY_NAMES, shown_days

Data = Mapping[str, Any]
NOTHING = "(rien)"


@dataclass(frozen=True)
class Change:
    """One part that differs: its French label, and its text before and after, a line each."""

    part: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes(before: Data, after: Data) -> tuple[Change, ...]:
    """Return what differs between two states of a convention's data, in the order in which a convention prints it."""
    found = []
    for part, (label, show) in PARTS.items():
        old, new = show(before), show(after)
        if old != new:
            found.append(Change(part, label, old or (NOTHING,), new or (NOTHING,)))
    return tuple(found)


def _periods(data: Data) -> tuple[str, ...]:
    return tuple(
        f"du {_day(each.get('start'))} au {_day(each.get('end'))}" for each in data.get("periods") or []
    )


def _day(text: str | None) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else "…"


def _week(data: Data) -> tuple[str, ...]:
    week = data.get("timetable") or {}
    return tuple(
        f"{name} : {' et '.join(f'{start}–{end}' for start, end in week[day])}"
        for day, name in DAY_NAMES.items()
        if week.get(day)
    )


def _dated(data: Data) -> tuple[str, ...]:
    return tuple(shown_days(data.get("days") or {}).splitlines())


def _person(data: Data, *path: str) -> tuple[str, ...]:
    found: Any = data
    for name in path:
        found = (found or {}).get(name)
    told = [(found or {}).get(name) for name in ("name", "function", "email", "phone")]
    return (", ".join(text for text in told if text),) if any(told) else ()


def _activities(data: Data) -> tuple[str, ...]:
    told = data.get("activities") or []
    return tuple([told] if isinstance(told, str) else told)


PARTS: Mapping[str, tuple[str, Callable[[Data], tuple[str, ...]]]] = {
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
"""The parts that an amendment may change, with what people call them and how they are told."""
