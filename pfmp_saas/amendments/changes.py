"""What an amendment or a correction changes of a convention, in French, before and after. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pfmp_saas.conventions.hours import DAY_NAMES, shown_days
from pfmp_saas.conventions.inputs import present
from pfmp_saas.conventions.steps import Field, steps_of
from pfmp_saas.types.model import ConventionType

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


def changes(before: Data, after: Data, fields: Iterable[Field] = ()) -> tuple[Change, ...]:
    """Return the parts that differ between two states of a convention's data, then the other ``fields`` that do, in their order."""
    differing = []
    for part, (label, show) in PARTS.items():
        old, new = show(before), show(after)
        if old != new:
            old, new = _apart(old, new) if part in _BY_LINE else (old, new)
            differing.append(Change(part, label, old or (NOTHING,), new or (NOTHING,)))
    return (*differing, *_of_fields(before, after, fields))


def _of_fields(before: Data, after: Data, fields: Iterable[Field]) -> Iterator[Change]:
    for field in fields:
        old, new = (_written(field, present(data, field)) for data in (before, after))
        if old != new and not field.path.startswith(_TOLD_APART):
            yield Change(field.path, field.label, old or (NOTHING,), new or (NOTHING,))


def _written(field: Field, value: Any) -> Lines:
    """Return a field's value as people read it, a line each."""
    if value in (None, "", [], False):
        return ()
    if field.kind == "yes":
        return ("oui",)
    if field.kind == "date":
        return (_day(value),)
    if field.kind == "money":
        return (f"{value:.2f} €".replace(".", ","),)
    if field.options:
        return (dict(field.options).get(value, str(value)),)
    return tuple(map(str, value)) if isinstance(value, list) else tuple(str(value).splitlines())


_TOLD_APART = ("periods.", "days", "activities", "host.representative.", "tutor.", "referent.", "school.")
"""What :data:`PARTS` write, and what is the school's: the head is the one in office."""


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


def every_field(kind: ConventionType) -> tuple[Field, ...]:
    """Return the fields of a convention of this type, of every step of its form."""
    return tuple(field for step in steps_of(kind).values() for field in step.fields)
