"""Short lists of the school that leave as files: classes, courses, the team with its loads, one campaign."""

import uuid

from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import queries as people
from pfmp_saas.campaigns import queries as campaigns
from pfmp_saas.conventions.staff import loads
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.roles import GIVEN_BY_SCHOOL, Role
from pfmp_saas.core.roles import LABELS as ROLE_LABELS
from pfmp_saas.portals.context import session, today
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.sheets import KINDS, Row, sheet
from pfmp_saas.roster import queries as roster

_CLASSES = ("Classe", "Élèves", "Sans courriel", "Sans représentant", "Codes MEF")
_COURSES = (
    "Code MEF",
    "Diplôme",
    "Intitulé",
    "Heures par an",
    "Convention-type",
    "Travaux réglementés",
    "Classes",
    "Élèves",
)
_TEAM = ("Nom", "Rôle", "Courriel", "Élèves suivis le même jour")
_CAMPAIGN = ("Élève", "Organisme d’accueil", "Référent", "État", "Ce qui manque")
_GROUPS = {
    "unplaced": "sans organisme", "lacking": "à compléter", "ready": "prête à partir", "sent": "en signature",
    "signed": "signée",
}  # fmt: skip


def _given(kind: str, name: str, headings: Row, rows: list[Row]) -> ResponseReturnValue:
    if kind not in KINDS:
        raise NotFound
    return sheet(kind, name, headings, rows)


@bp.get("/<uai>/classes/liste.<kind>")
@requires(Permission.CONVENTION_READ)
def classes_sheet(kind: str) -> ResponseReturnValue:
    """Give the classes and what their pupils lack."""
    rows = [
        (row.name, row.pupils, row.without_email, row.alone, row.mefs) for row in roster.class_rows(session())
    ]
    return _given(kind, "classes", _CLASSES, list[Row](rows))


@bp.get("/<uai>/formations/liste.<kind>")
@requires(Permission.CONVENTION_READ)
def courses_sheet(kind: str) -> ResponseReturnValue:
    """Give the courses and who follows them."""
    who = {mef: (names, number) for mef, names, number in roster.followed(session())}
    rows = [
        (
            row.mef,
            row.diploma,
            row.title,
            row.hours,
            row.type_slug,
            ", ".join(row.works),
            *who.get(row.mef, ("", 0)),
        )
        for row in roster.courses(session())
    ]
    return _given(kind, "formations", _COURSES, list[Row](rows))


@bp.get("/<uai>/equipe/liste.<kind>")
@requires(Permission.PEOPLE_WRITE)
def team_sheet(kind: str) -> ResponseReturnValue:
    """Give the school's staff, and how many pupils each referent follows at once."""
    load = loads(session(), today())
    rows = [
        (
            each.name,
            ROLE_LABELS.get(each.role, each.role),
            each.email,
            load.get(each.email, 0) if each.role == Role.REFERENT else None,
        )
        for each in people.members(session(), frozenset({*GIVEN_BY_SCHOOL, Role.HEAD}))
    ]
    return _given(kind, "equipe", _TEAM, list[Row](rows))


@bp.get("/<uai>/campagnes/<uuid:campaign_id>/liste.<kind>")
@requires(Permission.CONVENTION_READ)
def campaign_sheet(campaign_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Give where each pupil of a campaign stands, and what keeps the draft back."""
    row = campaigns.get(session(), campaign_id)
    rows = [
        (
            line.student_name,
            line.host_name,
            line.referent or "",
            _GROUPS.get(line.group, line.group),
            " ; ".join(each["message"] for each in line.blocking or ()),
        )
        for line in campaigns.lines(session(), campaign_id)
    ]
    return _given(kind, f"campagne-{row.class_name}", _CAMPAIGN, list[Row](rows))
