"""The school's registers as files: accidents with their declarations, derogations declared by hosts, visits."""

from collections.abc import Mapping
from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents import queries as accidents
from pfmp_saas.accounts import queries as people
from pfmp_saas.conventions.hosts import queries as hosts
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.years import school_year_opens
from pfmp_saas.portals import visits
from pfmp_saas.portals.context import asked_year, session
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.sheets import KINDS, Row, sheet

_ACCIDENTS = (
    "Élève", "Classe", "Organisme d’accueil", "Survenu le", "Connu le", "Lieu", "Circonstances", "Trajet", "Déclarant",
    "Destinataire", "À déclarer avant le", "Déclaré le", "Par quel moyen", "Convention", "Envoyé le", "Activité", "Objet",
    "Témoins", "Tiers", "État",
)  # fmt: skip
_DEROGATIONS = (
    "Organisme d’accueil", "SIRET", "Déclaration envoyée le", "Valable jusqu’au", "Lieu", "Formations", "Travaux",
    "Équipements", "Encadrant", "Vérifiée par", "Vérifiée le",
)  # fmt: skip
_STATES = {"withdrawn": "retiré : inscrit par erreur", "corrected": "corrigé par une autre inscription"}
_DECLARANTS = {"school": "établissement", "host": "organisme d’accueil"}


def year_asked() -> tuple[date, date]:
    """Return the first day of the school year that the address asks for, and the first of the next."""
    year = asked_year()
    return school_year_opens(year), school_year_opens(year + 1)


@bp.get("/<uai>/registres/accidents.<kind>")
@requires(Permission.ACCIDENT_MANAGE)
def accidents_register(kind: str) -> ResponseReturnValue:
    """Give the accidents of a school year with their declarations."""
    if kind not in KINDS:
        raise NotFound
    first, after = year_asked()
    rows: list[Row] = [
        (
            row.student_name,
            row.class_name,
            row.host_name,
            each.occurred_at,
            each.known_at,
            each.place,
            each.circumstances,
            "oui" if each.commuting else "",
            _DECLARANTS.get(each.declarant, each.declarant),
            each.recipient,
            each.deadline,
            each.declared_at,
            each.declaration_means,
            row.number,
            each.sent_on,
            each.activity,
            each.cause,
            each.witnesses,
            each.third_party,
            _STATES.get(each.state, ""),
        )
        for each, row in accidents.between(session(), first, after)
    ]
    return sheet(kind, f"registre-accidents-{first:%Y}-{after:%Y}", _ACCIDENTS, rows)


@bp.get("/<uai>/registres/derogations.<kind>")
@requires(Permission.CONVENTION_READ)
def derogations_register(kind: str) -> ResponseReturnValue:
    """Give the declarations of derogation that hosts sent, those that run out first before the others."""
    if kind not in KINDS:
        raise NotFound
    rows: list[Row] = [
        (
            host.name,
            host.siret,
            each.sent_on,
            each.until,
            each.place,
            ", ".join(each.courses),
            ", ".join(each.works),
            each.equipment,
            each.supervisor,
            each.checked_name,
            each.checked_at,
        )
        for each, host in hosts.every_declaration(session())
    ]
    return sheet(kind, "registre-derogations", _DEROGATIONS, rows)


@bp.get("/<uai>/visites")
@requires(Permission.CONVENTION_READ)
def visits_to_make() -> ResponseReturnValue:
    """Show the visits still to make, commune by commune, of one referent or of all."""
    referents = people.referents(session())
    return visits.page("school", _one_of(referents), referents=referents)


@bp.get("/<uai>/visites.<kind>")
@requires(Permission.CONVENTION_READ)
def visits_sheet(kind: str) -> ResponseReturnValue:
    """Give the visits still to make as a file."""
    return visits.listed(kind, _one_of(people.referents(session())))


def _one_of(referents: Mapping[str, str]) -> str | None:
    asked = request.args.get("referent")
    return asked if asked in referents else None
