"""The inputs of a convention's form, each built from what its step says of it: kind, label, hint."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pfmp_saas.conventions import filling, hours
from pfmp_saas.conventions.hours import DAY_NAMES, DAYS, HALVES
from pfmp_saas.conventions.steps import Field
from pfmp_saas.core import reading
from pfmp_saas.core.fields import Area, By, ByLines, Choice, Email, Line, Phone, Several, Tick
from pfmp_saas.core.forms import AtMost
from pfmp_saas.law.territories import CODES, UNHELD, place_code

ENDS = ("start", "end")
SECOND = "periods.second."
Choices = Iterable[tuple[str, str]]


def week_fields() -> dict[str, Any]:
    """Return the fields of the hours of a usual week, by name: ``monday.am.start``."""
    return {
        f"{day}.{half}.{end}": Line(f"{told}, {'début' if end == 'start' else 'fin'}")
        for day in DAYS
        for half, told in HALVES
        for end in ENDS
    }


def filling_fields() -> dict[str, Any]:
    """Return the fields of hours written once for several days, by name."""
    days = [(day, DAY_NAMES[day]) for day in DAYS]
    fields = {
        "hours": By("Heures", by=filling.read_hours, description="8h-17h, 8h-12h 13h30-17h, ou repos."),
        "pauses": By("Pauses", by=filling.read_pauses, description="12h-13h, ou 12h-12h45 15h-15h15."),
        "days": Several("Jours", choices=days, default=list(filling.USUAL_DAYS)),
        "when": Choice("Quand", choices=list(filling.WHICH), default=filling.EVERY),
    }
    return {f"{filling.PREFIX}{name}": field for name, field in fields.items()}


def field_of(field: Field, referents: Choices) -> Any:
    """Return the form's field for one field of a step; ``referents`` are the choices of a ``referent``."""
    common: dict[str, Any] = {"label": field.label, "description": field.hint or ""}
    if field.kind == "choice":
        return Choice(choices=list(field.options), **common)
    if field.kind == "referent":
        return Choice(choices=list(referents), **common)
    if field.kind in _PLAIN:
        return _PLAIN[field.kind](**common)
    if field.kind == "textarea":
        return Area(validators=[AtMost(reading.LONGEST)], **common)
    if field.kind in _LINES:
        by, show = _LINES[field.kind]
        return ByLines(by=by, show=show, **common)
    by, marks = _READERS[field.kind]
    return By(by=by, show=_iso_as_french if field.kind == "date" else None, render_kw=marks, **common)


def _iso_as_french(value: Any) -> str:
    return f"{date.fromisoformat(value):%d/%m/%Y}" if value else ""


def _territory(text: str) -> str | None:
    code = place_code(text)
    if text and code not in CODES and code not in UNHELD:
        raise ValueError(f"« {text[:30]} » n’est ni un département connu, ni « étranger ».")
    return code or None


def _dated(value: Any) -> str:
    return hours.shown_days(value or {})


_PLAIN: dict[str, Any] = {"text": Line, "tel": Phone, "email": Email, "yes": Tick}
_LINES: dict[str, tuple[Callable[[str], Any], Callable[[Any], str] | None]] = {
    "lines": (reading.lines, None),
    "dated": (hours.read_days, _dated),
}
_NUMBER, _DECIMAL = {"inputmode": "numeric"}, {"inputmode": "decimal"}
_READERS: dict[str, tuple[Callable[[str], Any], dict[str, str]]] = {
    "number": (reading.whole_number, _NUMBER),
    "money": (reading.money, _DECIMAL),
    "decimal": (reading.hours, _DECIMAL),
    "amount": (reading.amount, _DECIMAL),
    "date": (reading.day, {"inputmode": "numeric", "placeholder": "12/01/2027", "autocomplete": "off"}),
    "siret": (reading.siret, _NUMBER),
    "territory": (_territory, {}),
}


def present(data: Mapping[str, Any], field: Field) -> Any:
    """Return the value that a convention's data have for a field."""
    if field.path.startswith("periods."):
        periods = [*(data.get("periods") or []), {}, {}]
        return periods[int(field.path.startswith(SECOND))].get(field.path.rsplit(".", maxsplit=1)[-1])
    value: Any = data
    for name in field.path.split("."):
        value = (value or {}).get(name) if isinstance(value, Mapping) or value is None else None
    return "" if value is None and field.kind in ("choice", "referent") else value
