"""What the law says of a draft, and beside which field of the form it is said."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from pfmp_saas.conventions import forms, use_cases
from pfmp_saas.conventions.checks import Finding
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.shape import InvalidFacts
from pfmp_saas.portals.context import session

GENERAL = ""
"""Where a finding is told that no field of the step carries: at the head of the page."""

_PARTS = {
    "eleve": ("student",),
    "entreprise": ("host",),
    "encadrement": ("tutor", "referent"),
    "dates": ("periods",),
    "horaires": ("timetable", "days", "presence"),
    "annexes": ("objectives", "activities", "supervision", "assessment", "works", "finance"),
}


def judge(row: Convention) -> tuple[tuple[Finding, ...], str | None]:
    """Return the law's findings, or why the draft cannot be judged yet."""
    try:
        return use_cases.findings(session(), row), None
    except InvalidFacts as error:
        return (), str(error)


def beside(found: Iterable[Finding], step: forms.Step) -> Mapping[str, list[Finding]]:
    """Return a step's findings by field path, by day of the week, or under GENERAL."""
    placed: dict[str, list[Finding]] = {}
    for finding in found:
        if re.split(r"[.\[]", finding.where)[0] in _PARTS[step.slug]:
            placed.setdefault(_place(finding.where, step), []).append(finding)
    return placed


def _place(where: str, step: forms.Step) -> str:
    path = re.sub(r"\[\d+\]", "", where)
    part, _, rest = path.partition(".")
    if part == "timetable" and rest:
        return rest
    if part == "days" and rest:
        return forms.DAYS[date.fromisoformat(rest).weekday()]
    paths = [each.path for each in step.fields]
    return next((each for each in paths if each == path or each.startswith(f"{path}.")), GENERAL)
