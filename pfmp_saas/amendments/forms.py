"""Reading of an amendment's form: values that can be read, French messages by field for the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pfmp_saas.amendments import errors
from pfmp_saas.amendments.states import NATURES, OUTCOMES
from pfmp_saas.amendments.use_cases import Wish
from pfmp_saas.conventions import forms
from pfmp_saas.conventions.steps import Field, Step, steps_of
from pfmp_saas.core import reading
from pfmp_saas.types.model import ConventionType

MOST_PERIODS = 6
_SECTIONS = (
    ("horaires", ("days",)),
    ("entreprise", ("host.representative.",)),
    ("encadrement", ("tutor.", "referent.")),
    ("annexes", ("activities",)),
)
"""Which fields of which step of the convention's own form an amendment may change."""


@dataclass
class TypedAmendment:
    """A form as read: ``wish`` holds what could be read, ``errors`` the French messages by field."""

    wish: Wish
    errors: dict[str, str] = field(default_factory=dict)


def fields_of(kind: ConventionType) -> dict[str, tuple[Field, ...]]:
    """Return the fields that an amendment to a convention of this type asks, by step of the convention's form."""
    steps = steps_of(kind)
    return {
        slug: tuple(field for field in steps[slug].fields if field.path.startswith(paths))
        for slug, paths in _SECTIONS
        if slug in steps
    }


def read(kind: ConventionType, form: Mapping[str, str], data: Mapping[str, Any]) -> TypedAmendment:
    """Read the whole form over the present ``data``."""
    every = tuple(field for fields in fields_of(kind).values() for field in fields)
    typed = forms.read(Step("horaires", "", every), form, data)
    wrong = dict(typed.errors)
    typed.values["periods"] = _periods(form, wrong)
    reason = _reason(form, wrong)
    nature, outcome = form.get("nature", ""), form.get("outcome", "")
    if nature not in NATURES:
        wrong["nature"] = "Choisissez la nature de l’avenant."
    if outcome not in OUTCOMES:
        wrong["outcome"] = "Choisissez l’une des réponses."
    return TypedAmendment(Wish(nature, reason, outcome or None, forms.merge(data, typed.values)), wrong)


def _reason(form: Mapping[str, str], wrong: dict[str, str]) -> str:
    try:
        reason = reading.paragraphs(form.get("reason", ""))
    except ValueError as error:
        wrong["reason"] = str(error)
        return ""
    if not reason:
        wrong["reason"] = errors.NoReason.sentence
    return reason or ""


def _periods(form: Mapping[str, str], wrong: dict[str, str]) -> list[dict[str, str]]:
    """Read the rows that are filled; every one has a start and an end, in order, and none overlaps the one before."""
    periods: list[dict[str, str]] = []
    for rank, period in _rows(form, wrong):
        if not (period["start"] and period["end"]):
            wrong.setdefault(f"periods.{rank}.end", "Donnez le début et la fin, ou laissez les deux vides.")
        elif period["end"] < period["start"]:
            wrong[f"periods.{rank}.end"] = "La fin précède le début."
        elif periods and period["start"] <= periods[-1]["end"]:
            wrong[f"periods.{rank}.start"] = "Cette période commence avant la fin de la précédente."
        else:
            periods.append(period)
    if not periods and not any(name.startswith("periods.") for name in wrong):
        wrong["periods.0.start"] = "Donnez au moins une période."
    return periods


def _rows(form: Mapping[str, str], wrong: dict[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for rank in range(MOST_PERIODS):
        period = {end: _day(form, f"periods.{rank}.{end}", wrong) for end in ("start", "end")}
        if any(period.values()) or any(f"periods.{rank}.{end}" in wrong for end in period):
            yield rank, period


def _day(form: Mapping[str, str], name: str, wrong: dict[str, str]) -> str:
    try:
        return reading.day(form.get(name, "").strip()) or ""
    except ValueError as error:
        wrong[name] = str(error)
        return ""


def shown(kind: ConventionType, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what the form's inputs show of a convention's data, by name."""
    fields = (field for fields in fields_of(kind).values() for field in fields)
    periods = {
        f"periods.{rank}.{end}": period.get(end) or ""
        for rank, period in enumerate(data.get("periods") or [])
        for end in ("start", "end")
    }
    return {field.path: forms.shown(data, field.path) for field in fields} | forms.shown_week(data) | periods
