"""The law's findings on a draft, and the field of the form beside which each is shown."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from flask import url_for
from sqlalchemy.orm import Session

from pfmp_saas.conventions import forms
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.law.checks import Finding
from pfmp_saas.portals.context import session

Row = TypeVar("Row")

MEND = "corriger"
"""What the button of the nearest lawful timetable sends in the place of the step that comes next."""

GENERAL = ""
"""The place of a finding that no field of the step carries: the head of the page."""

_PARTS = {
    "eleve": ("student",),
    "entreprise": ("host",),
    "encadrement": ("tutor", "referent"),
    "dates": ("periods",),
    "horaires": ("timetable", "days", "presence"),
    "securite": ("works", "regulated"),
    "annexes": ("objectives", "activities", "supervision", "assessment", "finance", "abroad"),
    "etablissement": ("own",),
}
"""The step of a finding whose place has no field, by the top-level parts of the data."""


def findings_or_reason(
    check: Callable[[Session, Row], tuple[Finding, ...]], row: Row
) -> tuple[tuple[Finding, ...], str | None]:
    """Return what ``check`` finds in a draft, or none and the French reason why it cannot be read yet."""
    try:
        return check(session(), row), None
    except InvalidData as error:
        return (), str(error)


def beside(findings: Iterable[Finding], step: forms.Step) -> Mapping[str, list[Finding]]:
    """Return a step's findings by field path, by day of the week, or under GENERAL."""
    placed: dict[str, list[Finding]] = {}
    for finding in findings:
        if _step_of(finding.where) == step.slug:
            placed.setdefault(_place(finding.where, step), []).append(finding)
    return placed


def places(findings: Iterable[Finding], row: Convention) -> dict[Finding, str]:
    """Return the address of the field that each finding is about, where a step of the form has one."""
    found = {}
    for finding in findings:
        slug = _step_of(finding.where)
        if slug is not None:
            place = _place(finding.where, forms.STEPS[slug]) if slug in forms.STEPS else GENERAL
            anchor = f"{place}.{forms.HALVES[0][0]}.start" if place in forms.DAYS else place or "contenu"
            found[finding] = url_for("school.edit", convention_id=row.id, step=slug, _anchor=anchor)
    return found


def _step_of(where: str) -> str | None:
    """Return the slug of the step that shows a finding: the one with its field, else the one of its part."""
    path = _path(where)
    slugs = (slug for slug, step in forms.STEPS.items() if _field(path, step))
    part = path.partition(".")[0]
    return next(slugs, next((slug for slug, parts in _PARTS.items() if part in parts), None))


def _path(where: str) -> str:
    return re.sub(r"\[\d+\]", "", where)


def _field(path: str, step: forms.Step) -> str | None:
    paths = (field.path for field in step.fields)
    return next((deeper for deeper in paths if f"{deeper}.".startswith(f"{path}.")), None)


def _place(where: str, step: forms.Step) -> str:
    path = _path(where)
    part, _, rest = path.partition(".")
    if part == "timetable" and rest:
        return rest
    if part == "days" and rest:
        return forms.DAYS[date.fromisoformat(rest).weekday()]
    return _field(path, step) or GENERAL
