"""The reading of what a person typed: good values are kept, bad ones explained."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pfmp_saas.conventions.steps import STEPS, Field, Step
from pfmp_saas.core import reading as reading_of
from pfmp_saas.core.identifiers import is_siret
from pfmp_saas.deadlines.territories import CODES

__all__ = ["DAYS", "DAY_NAMES", "HALVES", "STEPS", "Reading", "Step", "merge", "read", "shown", "shown_week"]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_NAMES = dict(
    zip(DAYS, ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"), strict=True)
)
HALVES = (("am", "matin"), ("pm", "après-midi"))
_TIME = re.compile(r"([01]?\d|2[0-3])[:hH]([0-5]\d)|24[:hH]00")


@dataclass
class Reading:
    """What was read: values by path, and French messages by path for what could not be."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read(step: Step, form: Mapping[str, str], data: Mapping[str, Any]) -> Reading:
    """Read one step's form over the present data. What is wrong keeps its old value and gets a message."""
    reading = Reading()
    for each in step.fields:
        _read_one(each, form.get(each.path, "").strip(), reading)
    if step.slug == "horaires":
        _read_timetable(form, reading)
    if step.slug == "dates":
        _read_period(reading, data)
    return reading


def _read_one(each: Field, text: str, reading: Reading) -> None:
    if each.kind == "choice" and text not in dict(each.options):
        reading.errors[each.path] = f"« {text[:30]} » n’est pas l’un des choix."
        return
    try:
        reading.values[each.path] = _READERS.get(each.kind, reading_of.line)(text)
    except ValueError as error:
        reading.errors[each.path] = str(error)


def _siret(text: str) -> str | None:
    digits = re.sub(r"\s", "", text)
    if digits and not is_siret(digits):
        raise ValueError("Ce SIRET n’existe pas : vérifiez ses 14 chiffres, l’un d’eux est sans doute faux.")
    return digits or None


def _territory(text: str) -> str | None:
    if text and text.upper() not in CODES:
        raise ValueError(f"« {text} » n’est pas un département connu.")
    return text.upper() or None


def _yes(text: str) -> bool | None:
    return True if text else None


_READERS: dict[str, Any] = {
    "lines": reading_of.lines,
    "number": reading_of.whole_number,
    "money": reading_of.money,
    "decimal": reading_of.hours,
    "yes": _yes,
    "date": reading_of.day,
    "siret": _siret,
    "email": reading_of.email,
    "territory": _territory,
}


def _read_period(reading: Reading, data: Mapping[str, Any]) -> None:
    start, end = reading.values.pop("periods.start", None), reading.values.pop("periods.end", None)
    if start and end and end < start:
        reading.errors["periods.end"] = "La fin précède le début."
    if not reading.errors:
        later = list(data.get("periods") or [])[1:]
        reading.values["periods"] = [{"start": start, "end": end}, *later] if start and end else later


def _read_timetable(form: Mapping[str, str], reading: Reading) -> None:
    week: dict[str, list[list[str]]] = {}
    for day in DAYS:
        slots = [slot for half, _ in HALVES if (slot := _slot(form, day, half, reading))]
        if len(slots) == 2 and slots[1][0] < slots[0][1]:
            reading.errors[f"{day}.pm"] = f"{DAY_NAMES[day]} : l’après-midi commence avant la fin du matin."
        week[day] = slots
    if not reading.errors:
        reading.values["timetable"] = week


def _slot(form: Mapping[str, str], day: str, half: str, reading: Reading) -> list[str] | None:
    ends = [form.get(f"{day}.{half}.{end}", "").strip() for end in ("start", "end")]
    if not any(ends):
        return None
    if not all(_TIME.fullmatch(text) for text in ends):
        reading.errors[f"{day}.{half}"] = (
            f"{DAY_NAMES[day]} : donnez une heure de début et une heure de fin (08:00)."
        )
        return None
    start, end = (text.lower().replace("h", ":").zfill(5) for text in ends)
    if end <= start:
        reading.errors[f"{day}.{half}"] = f"{DAY_NAMES[day]} : la fin ({end}) précède le début ({start})."
        return None
    return [start, end]


def merge(data: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the top-level parts of the data that ``values``, by path, change."""
    changed: dict[str, Any] = {}
    for path, value in values.items():
        first, *rest = path.split(".")
        changed[first] = _put(changed.get(first, data.get(first)), rest, value)
    return changed


def _put(present: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    inner = dict(present or {})
    inner[path[0]] = _put(inner.get(path[0]), path[1:], value)
    return inner


def shown(data: Mapping[str, Any], path: str) -> str:
    """Return a value as the form shows it."""
    if path.startswith("periods."):
        periods = data.get("periods") or [{}]
        return periods[0].get(path.split(".")[1]) or ""
    value: Any = data
    for name in path.split("."):
        value = (value or {}).get(name) if isinstance(value, Mapping) or value is None else None
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return "" if value is None or value is False else str(value)


def shown_week(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the timetable as the form's inputs show it, by input name."""
    week = data.get("timetable") or {}
    return {
        f"{day}.{half}.{end}": slot[index]
        for day in DAYS
        for (half, _), slot in zip(HALVES, week.get(day) or [], strict=False)
        for index, end in enumerate(("start", "end"))
    }
