"""Failed work of one school, of the three kinds (mail, due thing, event), in French for the school's office."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.campaigns.models import SendingItem
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import events, retries
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.retries import Retried
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.followups.models import Followup
from pfmp_saas.signing.models import SignatureRequest, Signer, SigningBatchItem

KINDS: Mapping[str, type[Retried]] = {"mail": OutgoingMail, "due": DueItem, "event": OutboxEvent}
MOST_SHOWN = 50
"""Of each kind; the page says how many there are in all."""
WHAT: Mapping[str, str] = {
    DueKind.UNSIGNED: "Rappel de signature",
    DueKind.ATTESTATION: "Demande d’attestation à l’organisme d’accueil",
    DueKind.EVALUATION: "Demande d’avis à l’élève",
    DueKind.ACCIDENT: "Rappel de déclaration d’accident",
    DueKind.FOLLOWUP: "Rappel à l’enseignant référent",
    DueKind.RENEWAL: "Rappel d’une pièce qui expire",
    DueKind.CARRY: "Report d’une signature donnée sur la version précédente",
    DueKind.SEAL: "Inscription d’une signature dans le document",
    DueKind.CLOSE: "Clôture du document signé",
    DueKind.COPIES: "Envoi du document signé à chaque partie",
    DueKind.SIGN: "Signature d’un document parmi plusieurs",
    DueKind.SEND: "Envoi d’une convention parmi plusieurs",
    DueKind.DIFFICULTY: "Rappel d’un signalement à traiter",
    DueKind.FORGET: "Oubli de fichiers de l’établissement",
    DueKind.RETENTION: "Effacement au terme de la conservation",
    events.SigningOpened.__name__: "Rappels de signature à prévoir",
    events.HostHalfAnswered.__name__: "Avis de réponse d’un organisme d’accueil",
    events.SignerRemarked.__name__: "Avis d’une demande de signataire",
    events.SignatureGiven.__name__: "Reçu d’une signature",
    events.SchoolFilesHeld.__name__: "Oubli à prévoir de fichiers de l’établissement",
    events.SignerCalled.__name__: "Invitation à signer",
    events.SigningCompleted.__name__: "Suites de la dernière signature",
    events.SigningRefused.__name__: "Suites d’un refus de signer",
    events.SigningReplaced.__name__: "Suites d’une version corrigée",
    events.SigningWithdrawn.__name__: "Suites d’un retrait de la signature",
    events.ConventionSent.__name__: "Suites de l’envoi d’une convention",
    events.ConventionSigned.__name__: "Suites d’une convention signée : exemplaires, attestation, suivi",
    events.AmendmentSigned.__name__: "Effet d’un avenant signé",
    events.AttestationSigned.__name__: "Suites d’une attestation signée",
    events.AccidentRecorded.__name__: "Avis et rappels d’un accident",
    events.AccidentDeclared.__name__: "Fin des rappels d’un accident",
    events.AccidentWithdrawn.__name__: "Fin des rappels d’un accident retiré ou corrigé",
    events.DifficultyTold.__name__: "Avis d’un signalement",
    events.DifficultySettled.__name__: "Suites d’un signalement traité",
    events.FollowupRecorded.__name__: "Fin des rappels d’un contact ou d’une visite",
}
OTHER = "Travail du service"


@dataclass(frozen=True)
class Failure:
    """One piece of work that was given up: ``kind`` is a key of KINDS, ``since`` is UTC, ``why`` is its last error."""

    kind: str
    id: uuid.UUID
    what: str
    whom: str
    since: datetime | None
    why: str
    attempts: int


def listed(session: Session) -> list[Failure]:
    """Return the current tenant's failed work, mails first, the latest of each kind first."""
    mails = retries.failed(session, OutgoingMail, MOST_SHOWN)
    due = retries.failed(session, DueItem, MOST_SHOWN)
    happened = retries.failed(session, OutboxEvent, MOST_SHOWN)
    names = _names(session, {row.subject_id for row in due} | {row.subject_id for row in happened})
    failures = [_failure("mail", row, f"Courriel « {row.title} »", row.recipient) for row in mails]
    failures += [
        _failure("due", row, WHAT.get(row.kind, OTHER), names.get(row.subject_id, "")) for row in due
    ]
    return failures + [
        _failure("event", row, WHAT.get(row.kind, OTHER), names.get(row.subject_id, "")) for row in happened
    ]


def number(session: Session) -> int:
    """Return the number of the current tenant's failed pieces of work."""
    return sum(retries.count_failed(session, model) for model in KINDS.values())


def try_again(session: Session, kind: str, row_id: uuid.UUID) -> None:
    """Put one failed piece of work back to try. Raises NotFound."""
    retries.try_one_again(session, KINDS[kind], row_id)


def try_all_again(session: Session) -> int:
    """Put all of the current tenant's failed work back to try; return how many pieces."""
    return sum(retries.try_again(session, model) for model in KINDS.values())


def _failure(kind: str, row: Retried, what: str, whom: str) -> Failure:
    return Failure(kind, row.id, what, whom, row.failed_at, row.last_error or "", row.attempts)


_OWN_NAMES: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (Convention, lambda row: row.student_name),
    (SignatureRequest, lambda row: row.title),
    (SigningBatchItem, lambda row: row.title),
    (SendingItem, lambda row: row.title),
    (Signer, lambda row: f"{row.name}, {row.request.title}"),
)
_OF_CONVENTION: tuple[type[Any], ...] = (Attestation, Accident, Followup, Amendment)


def _names(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the name of the person or document of each identifier; every table is read, since none is named."""
    return dict(_of_rows(session, ids)) | dict(_of_their_convention(session, ids)) if ids else {}


def _of_rows(session: Session, ids: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str]]:
    for model, name in _OWN_NAMES:
        for row in session.scalars(select(model).where(model.id.in_(ids))):
            yield row.id, name(row)


def _of_their_convention(session: Session, ids: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str]]:
    for model in _OF_CONVENTION:
        statement = select(model.id, Convention.student_name).join(
            Convention, Convention.id == model.convention_id
        )
        for row in session.execute(statement.where(model.id.in_(ids))):
            yield row.id, row.student_name
