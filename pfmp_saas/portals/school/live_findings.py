"""What the law says of a draft, and beside which field of the form it is said."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from pfmp_saas.conventions import forms, use_cases
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.law.checks import Finding
from pfmp_saas.portals.context import session

GENERAL = ""
"""Where a finding is told that no field of the step carries: at the head of the page."""

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
"""Where a finding is told whose place no field has."""


def judge(row: Convention) -> tuple[tuple[Finding, ...], str | None]:
    """Return the law's findings, or why the draft cannot be judged yet."""
    try:
        return use_cases.findings(session(), row), None
    except InvalidData as error:
        return (), str(error)


def beside(found: Iterable[Finding], step: forms.Step) -> Mapping[str, list[Finding]]:
    """Return a step's findings by field path, by day of the week, or under GENERAL."""
    placed: dict[str, list[Finding]] = {}
    for finding in found:
        if _home(finding.where) == step.slug:
            placed.setdefault(_place(finding.where, step), []).append(finding)
    return placed


def _home(where: str) -> str | None:
    """Return the step that tells a finding: the one with its field, else the one that its part belongs to."""
    path = _path(where)
    asked = (slug for slug, step in forms.STEPS.items() if _field(path, step))
    part = path.partition(".")[0]
    return next(asked, next((slug for slug, parts in _PARTS.items() if part in parts), None))


def _path(where: str) -> str:
    return re.sub(r"\[\d+\]", "", where)


def _field(path: str, step: forms.Step) -> str | None:
    paths = (each.path for each in step.fields)
    return next((each for each in paths if each == path or each.startswith(f"{path}.")), None)


def _place(where: str, step: forms.Step) -> str:
    path = _path(where)
    part, _, rest = path.partition(".")
    if part == "timetable" and rest:
        return rest
    if part == "days" and rest:
        return forms.DAYS[date.fromisoformat(rest).weekday()]
    return _field(path, step) or GENERAL
