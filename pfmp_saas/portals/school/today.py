"""The office's first page: what presses, ordered by deadline, the week, and where each class stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accidents.models import Accident
from pfmp_saas.conventions import overview
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.permissions import Permission, allows, requires
from pfmp_saas.difficulties import queries as difficulties
from pfmp_saas.difficulties.models import Difficulty
from pfmp_saas.difficulties.states import ALARMS, LABELS
from pfmp_saas.portals.context import now, place, session, signed_in, today
from pfmp_saas.portals.filters import counted, near, short_moment
from pfmp_saas.portals.navigation import reckoned
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.signing import queries as signing
from pfmp_saas.workflows import waiting
from pfmp_saas.workflows.waiting import Heap, Waiting


@dataclass(frozen=True)
class Task:
    """One thing to do: when it is due in words, what it is, why it matters, and where it is done."""

    when: str
    pressure: str
    what: str
    why: str
    url: str
    action: str


@bp.get("/<uai>/", endpoint="today")
@requires(Permission.CONVENTION_READ)
def today_page() -> ResponseReturnValue:
    """Show what waits for the office today."""
    tasks = _tasks()
    return render_template(
        "portals/school/today.html",
        day=today(),
        tasks=tasks,
        pressing=sum(task.pressure == "late" for task in tasks),
        classes=overview.by_class(session(), today()),
        awaited=signing.awaited_capacities(session()),
        drafts=overview.drafts(session()),
        week=overview.week(session(), today()),
    )


def _tasks() -> list[Task]:
    signs = allows(place().roles, Permission.SIGN_OWN)
    found = {
        heap.kind: heap for heap in waiting.heaps(session(), today(), signed_in().email if signs else None)
    }
    numbers = {kind: heap.number for kind, heap in found.items()}
    reckoned(waiting.added_up(numbers, late=True, signs=signs))
    to_sign = numbers.get(Waiting.TO_SIGN, 0)
    accidents = waiting.accidents(session()) if Waiting.ACCIDENTS in found else []
    told = difficulties.open_ones(session()) if allows(place().roles, Permission.DIFFICULTY_READ) else []
    return [
        *(_accident(row, of, now()) for row, of in accidents),
        *(_difficulty(row, of) for row, of in told),
        *([_to_sign(to_sign)] if to_sign else []),
        *(_heap(heap, today()) for kind, heap in found.items() if kind in _HEAPS and _seen(kind)),
    ]


def _seen(kind: Waiting) -> bool:
    return kind not in _TO_CORRECT or allows(place().roles, Permission.CONVENTION_WRITE)


def _to_sign(number: int) -> Task:
    what = counted(number, "document attend votre signature", "documents attendent votre signature")
    why = "lus un par un ou signés ensemble"
    return Task("à signer", "soon", what, why, url_for("school.to_sign"), "Lire et signer")


def _accident(row: Accident, of: Convention, at: datetime) -> Task:
    who = "l’établissement" if row.declarant == "school" else "l’organisme d’accueil"
    return Task(
        short_moment(row.deadline, row.timezone),
        "late",
        f"Accident de {of.student_name} à déclarer",
        f"{who} le déclare à {row.recipient} · {waiting.hours_left(row.deadline, at)}",
        url_for("school.convention", convention_id=of.id) + "#accidents",
        "Suivre",
    )


def _difficulty(row: Difficulty, of: Convention) -> Task:
    pressing = row.kind in ALARMS or row.due_at <= now()
    return Task(
        short_moment(row.due_at, place().timezone),
        "late" if pressing else "soon",
        f"{LABELS[row.kind]} : signalement au sujet de {of.student_name}",
        f"à répondre · {waiting.hours_left(row.due_at, now())}",
        url_for("school.difficulty", difficulty_id=row.id),
        "Lire et répondre",
    )


def _heap(heap: Heap, on: date) -> Task:
    one, many, why, endpoint, values, action = _HEAPS[heap.kind]
    late = heap.first is not None and heap.first < on
    return Task(
        near(heap.first, on) if heap.first else "",
        "late" if late else "soon",
        counted(heap.number, one, many),
        why,
        url_for(endpoint, **values),
        action,
    )


_TO_CORRECT = frozenset({Waiting.REMARKS, Waiting.LOST})
"""What who may write alone sees: the office answers it."""
_HEAPS: dict[Waiting, tuple[str, str, str, str, dict[str, Any], str]] = {
    Waiting.ATTESTATIONS: (
        "attestation à faire signer",
        "attestations à faire signer",
        "sans elle, l’allocation de l’élève n’est pas versée",
        "school.followup",
        {"_anchor": "attestations"},
        "Relancer",
    ),
    Waiting.DRAFTS: (
        "convention à envoyer commence avant trois semaines",
        "conventions à envoyer commencent avant trois semaines",
        "aucune période ne commence sans les cinq signatures",
        "school.dashboard",
        {"etat": "draft"},
        "Compléter",
    ),
    Waiting.UNSIGNED: (
        "convention en signature commence avant trois semaines",
        "conventions en signature commencent avant trois semaines",
        "relancez ceux qui n’ont pas signé",
        "school.dashboard",
        {"etat": "sent"},
        "Voir",
    ),
    Waiting.SEARCHES: (
        "élève demande une place de stage",
        "élèves demandent une place de stage",
        "la demande est gardée avec sa date ; une proposition y répond",
        "school.asked_searches",
        {},
        "Proposer",
    ),
    Waiting.HALVES: (
        "organisme d’accueil a rempli sa partie",
        "organismes d’accueil ont rempli leur partie",
        "relisez les réponses, puis reprenez-les dans la convention",
        "school.answered_halves",
        {},
        "Relire",
    ),
    Waiting.COPIES: (
        "exemplaire à remettre en main propre",
        "exemplaires à remettre en main propre",
        "à ceux qui ont signé sans adresse électronique",
        "school.copies_owed",
        {},
        "Imprimer et cocher",
    ),
    Waiting.FOLLOWUPS: (
        "contact ou visite de référent en retard",
        "contacts ou visites de référents en retard",
        "le référent les note depuis son espace",
        "school.followup",
        {"_anchor": "visites"},
        "Voir",
    ),
    Waiting.REMARKS: (
        "demande de signataire à traiter",
        "demandes de signataires à traiter",
        "une correction, un nom, une personne qui n’est pas la bonne",
        "school.remarks_told",
        {},
        "Lire et répondre",
    ),
    Waiting.LOST: (
        "signataire dont l’adresse refuse nos courriels",
        "signataires dont l’adresse refuse nos courriels",
        "corrigez l’adresse : une nouvelle invitation part aussitôt",
        "school.remarks_told",
        {"_anchor": "adresses"},
        "Corriger",
    ),
    Waiting.FAILURES: (
        "envoi n’a pas abouti",
        "envois n’ont pas abouti",
        "souvent une adresse refusée : à vérifier auprès de la personne",
        "school.followup",
        {"_anchor": "abandons"},
        "Corriger",
    ),
}
