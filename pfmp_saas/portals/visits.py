"""The visits still to make, grouped by commune: for the office with every referent's, for a teacher with one's own."""

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.text import fold
from pfmp_saas.followups import queries
from pfmp_saas.followups.models import Followup
from pfmp_saas.portals.context import session, today
from pfmp_saas.portals.sheets import KINDS, sheet

_POSTAL = re.compile(r"\b(?:\d{5}|2[AB]\d{3})\s+([^\d,;]+?)(?:\s+cedex.*)?$", re.IGNORECASE)
_UNKNOWN = "commune à préciser"
_HEADINGS = (
    "Commune", "Élève", "Classe", "Organisme d’accueil", "Adresse", "Tuteur", "Téléphone du tuteur", "Enseignant référent",
    "Premier jour", "Dernier jour", "Visite à faire avant le", "Convention",
)  # fmt: skip


def commune_of(host: Mapping[str, Any]) -> str:
    """Return a host's commune: as typed, else as its address ends after a postal code; "" where neither says it."""
    typed = (host.get("city") or "").strip()
    found = None if typed else _POSTAL.search((host.get("address") or "").strip())
    return typed or (found[1].strip(" -") if found else "")


def page(space: str, referent: str | None, **more: Any) -> str:
    """Show the visits to make, commune by commune; ``referent`` is the address of one teacher, None for all."""
    rows = _ordered(referent)
    groups = [
        (name or _UNKNOWN, [(each, row) for _, each, row in found])
        for name, found in groupby(rows, lambda each: each[0])
    ]
    return render_template(
        "portals/shared/visits.html", groups=groups, space=space, referent=referent, day=today(), **more
    )


def listed(kind: str, referent: str | None) -> ResponseReturnValue:
    """Give the visits to make as a file."""
    if kind not in KINDS:
        raise NotFound
    rows = [_line(name, each, row) for name, each, row in _ordered(referent)]
    return sheet(kind, "visites", _HEADINGS, rows)


def _ordered(referent: str | None) -> list[tuple[str, Followup, Convention]]:
    found = [
        (commune_of(row.data.get("host") or {}), each, row)
        for each, row in queries.visits(session(), referent)
    ]
    return sorted(
        found, key=lambda one: (not one[0], fold(one[0]), one[0], one[1].due_on, fold(one[2].host_name))
    )


def _line(name: str, each: Followup, row: Convention) -> tuple[Any, ...]:
    host, tutor, referent = (row.data.get(part) or {} for part in ("host", "tutor", "referent"))
    return (
        name,
        row.student_name,
        row.class_name,
        row.host_name,
        host.get("address"),
        tutor.get("name"),
        tutor.get("phone"),
        referent.get("name"),
        each.starts_on,
        each.ends_on,
        each.due_on,
        row.number,
    )
