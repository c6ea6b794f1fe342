"""What a reminder does when it falls due: it writes mails, once."""

import uuid
from collections.abc import Callable

from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account
from pfmp_saas.accounts.use_cases import make_link
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.use_cases import new_link
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows import texts
from pfmp_saas.workflows.context import Around

LINK_HOURS = 168


def remind(session: Session, item: DueItem, around: Around) -> None:
    """Write the mails of a due item. An unknown kind is a programming error: KeyError."""
    _KINDS[item.kind](session, item, around)


def _unsigned(session: Session, item: DueItem, around: Around) -> None:
    request = session.get_one(SignatureRequest, item.subject_id)
    for signer in signing.unsigned(session, request):
        _remind_signer(session, item, request, signer, around)


def _remind_signer(
    session: Session, item: DueItem, request: SignatureRequest, signer: Signer, around: Around
) -> None:
    url = f"{around.base_url}/signer/{new_link(session, signer, around.now)}"
    body = texts.UNSIGNED.format(name=signer.name, title=request.title, url=url)
    title = f"Rappel, à signer : {request.title}"
    to = (signer.name, signer.email)
    mail.write(session, item.kind, item.subject_id, occurrence=item.occurrence, to=to, title=title, body=body)


def _attestation(session: Session, item: DueItem, around: Around) -> None:
    row = session.get_one(Attestation, item.subject_id)
    convention = session.get_one(Convention, row.convention_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in _parties(convention, "host_representative"):
        url = _door(session, party.account_id, f"/entreprise/{uai}/attestations/{row.id}", around)
        body = texts.ATTESTATION.format(name=party.name, student=convention.student_name, url=url)
        _write(session, item, party, f"Attestation à signer : {convention.student_name}", body)


def _evaluation(session: Session, item: DueItem, around: Around) -> None:
    convention = session.get_one(Convention, item.subject_id)
    uai = tenants.get(session, current_tenant(session)).uai
    for party in _parties(convention, "student"):
        url = _door(session, party.account_id, f"/famille/{uai}/evaluations/{convention.id}", around)
        _write(
            session,
            item,
            party,
            "Votre avis sur l’accueil en entreprise",
            texts.EVALUATION.format(name=party.name, url=url),
        )


def _door(session: Session, account_id: uuid.UUID, path: str, around: Around) -> str:
    """Return a sign-in link that leads to ``path``."""
    account = session.get_one(Account, account_id)
    return f"{around.base_url}/entree/{make_link(session, account, around.now, next_path=path, hours=LINK_HOURS)}"


def _parties(convention: Convention, role: str) -> list[ConventionParty]:
    return [party for party in convention.parties if party.role == role]


def _write(session: Session, item: DueItem, party: ConventionParty, title: str, body: str) -> None:
    to = (party.name, party.email)
    mail.write(session, item.kind, item.subject_id, occurrence=item.occurrence, to=to, title=title, body=body)


_KINDS: dict[str, Callable[[Session, DueItem, Around], None]] = {
    "unsigned-convention": _unsigned,
    "attestation": _attestation,
    "evaluation": _evaluation,
}
