"""What falls due does its work once: mails to write, signatures to put into a document."""

import uuid
from collections.abc import Callable

from sqlalchemy.orm import Session

from pfmp_saas.accidents.models import Accident
from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.signing import batches
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.sealing import CLOSE, SEAL, SealMeans, close_document, seal_act
from pfmp_saas.signing.use_cases import new_link
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows import copies, followups, retention, texts
from pfmp_saas.workflows.accidents import notify
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import door, parties


def remind(session: Session, item: DueItem, around: Around) -> None:
    """Do what a due item asks: most write mails. An unknown kind is a programming error: KeyError."""
    _KINDS[item.kind](session, item, around)


def _unsigned(session: Session, item: DueItem, around: Around) -> None:
    request = session.get_one(SignatureRequest, item.subject_id)
    for signer in signing.reachable(session, request):
        _remind_signer(session, item, request, signer, around)


def _remind_signer(
    session: Session, item: DueItem, request: SignatureRequest, signer: Signer, around: Around
) -> None:
    url = f"{around.base_url}/signer/{new_link(session, signer, around.now)}"
    why = texts.WHY_SIGN[request.subject_kind]
    body = texts.UNSIGNED.format(name=signer.name, title=request.title, url=url, why=why)
    title = f"Rappel, à signer : {request.title}"
    to = (signer.name, signer.email)
    mail.write(session, item.kind, item.subject_id, occurrence=item.occurrence, to=to, title=title, body=body)


def _attestation(session: Session, item: DueItem, around: Around) -> None:
    row = session.get_one(Attestation, item.subject_id)
    _write_attestation(session, row, item.occurrence, around)


def ask_attestation(session: Session, convention: Convention, around: Around) -> None:
    """Ask the host for its attestation outside the schedule, at the school's request. Raises NotFound."""
    row = attestations.of_convention(session, convention.id)
    if row is None:
        raise NotFound
    _write_attestation(session, row, uuid.uuid4().hex, around)


def _write_attestation(session: Session, row: Attestation, occurrence: str, around: Around) -> None:
    convention = session.get_one(Convention, row.convention_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in parties(convention, "host_representative"):
        url = door(session, party.account_id, f"/entreprise/{uai}/attestations/{row.id}", around)
        body = texts.ATTESTATION.format(name=party.name, student=convention.student_name, url=url)
        title = f"Attestation à signer : {convention.student_name}"
        to = (party.name, party.email)
        mail.write(session, "attestation", row.id, occurrence=occurrence, to=to, title=title, body=body)


def _evaluation(session: Session, item: DueItem, around: Around) -> None:
    convention = session.get_one(Convention, item.subject_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in parties(convention, "student"):
        url = door(session, party.account_id, f"/famille/{uai}/evaluations/{convention.id}", around)
        _write(
            session,
            item,
            party,
            "Votre avis sur l’accueil en entreprise",
            texts.EVALUATION.format(name=party.name, url=url),
        )


def _accident(session: Session, item: DueItem, around: Around) -> None:
    notify(session, session.get_one(Accident, item.subject_id), item.occurrence, around)


def _write(session: Session, item: DueItem, party: ConventionParty, title: str, body: str) -> None:
    to = (party.name, party.email)
    mail.write(session, item.kind, item.subject_id, occurrence=item.occurrence, to=to, title=title, body=body)


def _seal(session: Session, item: DueItem, around: Around) -> None:
    seal_act(session, item.subject_id, _means(around), around.now)


def _close(session: Session, item: DueItem, around: Around) -> None:
    close_document(session, item.subject_id, _means(around), around.now)


def _batch_item(session: Session, item: DueItem, around: Around) -> None:
    batches.sign_item(session, item.subject_id, _means(around).kek, around.now)


def _means(around: Around) -> SealMeans:
    if around.means is None:
        raise LookupError("sealing is the worker's")
    return around.means


_KINDS: dict[str, Callable[[Session, DueItem, Around], None]] = {
    "unsigned-convention": _unsigned,
    "attestation": _attestation,
    "evaluation": _evaluation,
    "accident": _accident,
    followups.FOLLOWUP: followups.remind,
    followups.RENEWAL: followups.remind_renewal,
    SEAL: _seal,
    CLOSE: _close,
    copies.COPIES: copies.send_or_wait,
    batches.KIND: _batch_item,
    retention.RETENTION: retention.end,
}
