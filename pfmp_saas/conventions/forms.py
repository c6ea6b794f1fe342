"""Reading of a step's form: values that can be read, French messages for the others."""

import re
from collections.abc import Mapping
from typing import Any

from pfmp_saas.conventions import hours
from pfmp_saas.conventions.hours import DAY_NAMES, DAYS, HALVES, shown_week
from pfmp_saas.conventions.steps import STEPS, Field, Step
from pfmp_saas.core import reading as reading_of
from pfmp_saas.core.identifiers import is_siret
from pfmp_saas.core.reading import Reading
from pfmp_saas.law.territories import CODES

__all__ = ["DAYS", "DAY_NAMES", "HALVES", "STEPS", "Reading", "Step", "merge", "read", "shown", "shown_week"]
_SECOND = "periods.second."


def read(step: Step, form: Mapping[str, str], data: Mapping[str, Any]) -> Reading:
    """Read one step's form over the present data. A field that cannot be read keeps its old value and gets a message."""
    reading = Reading()
    for field in step.fields:
        _read_one(field, form.get(field.path, "").strip(), reading)
    if step.slug == "horaires":
        week, wrong = hours.read_week(form)
        reading.errors.update(wrong)
        if not reading.errors:
            reading.values["timetable"] = week
    if step.slug == "dates":
        _read_period(reading, data)
    return reading


def _read_one(field: Field, text: str, reading: Reading) -> None:
    if field.kind == "choice" and text not in dict(field.options):
        reading.errors[field.path] = f"« {text[:30]} » n’est pas l’un des choix."
        return
    try:
        reading.values[field.path] = _READERS.get(field.kind, reading_of.line)(text)
    except ValueError as error:
        reading.errors[field.path] = str(error)


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
    "textarea": reading_of.paragraphs,
    "number": reading_of.whole_number,
    "money": reading_of.money,
    "decimal": reading_of.hours,
    "amount": reading_of.amount,
    "yes": _yes,
    "date": reading_of.day,
    "siret": _siret,
    "email": reading_of.email,
    "referent": reading_of.email,
    "territory": _territory,
    "dated": hours.read_days,
}


def _read_period(reading: Reading, data: Mapping[str, Any]) -> None:
    """Two periods at most are typed; a file may hold more, and they stay."""
    values = reading.values
    first, second = (
        {end: values.pop(f"{prefix}{end}", None) for end in ("start", "end")}
        for prefix in ("periods.", _SECOND)
    )
    for prefix, period in (("periods.", first), (_SECOND, second)):
        if period["start"] and period["end"] and period["end"] < period["start"]:
            reading.errors[f"{prefix}end"] = "La fin précède le début."
    if bool(second["start"]) != bool(second["end"]) and not reading.errors:
        reading.errors[f"{_SECOND}end"] = (
            "Donnez le début et la fin de la deuxième période, ou laissez-les vides."
        )
    if not reading.errors:
        later = list(data.get("periods") or [])[2:]
        whole = [period for period in (first, second) if period["start"] and period["end"]]
        values["periods"] = [*whole, *later]


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
        periods = [*(data.get("periods") or []), {}, {}]
        return periods[int(path.startswith(_SECOND))].get(path.rsplit(".", maxsplit=1)[-1]) or ""
    if path == "days":
        return hours.shown_days(data.get("days") or {})
    value: Any = data
    for name in path.split("."):
        value = (value or {}).get(name) if isinstance(value, Mapping) or value is None else None
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return "" if value is None or value is False else str(value)
