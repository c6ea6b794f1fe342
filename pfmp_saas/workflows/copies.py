"""The copies of a signed document: to every party, once a checkpoint of the school's log covers the last signature."""

from datetime import timedelta

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries as amendments_of
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import SigningCompleted
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.storage import load
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.evidence.checkpoint import note
from pfmp_saas.evidence.checkpoint import queries as checkpoints
from pfmp_saas.evidence.checkpoint.cosigned import awaited, cosigned_note
from pfmp_saas.evidence.checkpoint.keys import active_key
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around

LONGEST_WAIT = timedelta(minutes=10)
"""Without a checkpoint, or its witnesses, for that long, the copies leave without, and say where it will be."""
_FIRST_WAIT, _LAST_WAIT = timedelta(seconds=2), timedelta(minutes=1)
_MAILS = {
    "convention": MailKind.CONVENTION_SIGNED,
    "attestation": MailKind.ATTESTATION_SIGNED,
    "amendment": MailKind.AMENDMENT_SIGNED,
}


def plan(session: Session, event: SigningCompleted, around: Around) -> None:
    """Schedule the copies of a signed document, or mail them at once when the school's log has no key."""
    if active_key(session) is None:
        _write(session, session.get_one(SignatureRequest, event.subject_id), None, around)
        return
    schedule(session, DueKind.COPIES, event.subject_id, "1", due_at=around.now)


def send_or_wait(session: Session, item: DueItem, around: Around) -> None:
    """Mail the copies once a checkpoint covers the document; wait for it twice as long each time, ten minutes in all."""
    request = session.get_one(SignatureRequest, item.subject_id)
    checkpoint = checkpoints.covering(session, request.evidence_subject)
    signed_at = request.closed_at or around.now
    complete = checkpoint is not None and not awaited(session, checkpoint)
    if not complete and around.now - signed_at < LONGEST_WAIT:
        rank = int(item.occurrence)
        wait = min(_FIRST_WAIT * 2 ** min(rank - 1, 8), _LAST_WAIT)
        schedule(session, DueKind.COPIES, request.id, str(rank + 1), due_at=around.now + wait)
        return
    _write(session, request, checkpoint, around)


def _write(
    session: Session, request: SignatureRequest, checkpoint: StoredCheckpoint | None, around: Around
) -> None:
    """Mail the signed PDF and the checkpoint once to every address concerned, the family included."""
    convention = convention_of(session, request)
    values = {
        "title": request.title,
        "number": convention.number,
        "student": convention.student_name,
        "verify_url": f"{around.base_url}/verifier",
        **_proof(session, checkpoint, around),
    }
    for email, name in {party.email: party.name for party in convention.parties}.items():
        mail.send(
            session,
            _MAILS[request.subject_kind],
            (name, email),
            subject_id=request.subject_id,
            occurrence="1",
            attachment=load(session, request.file_id),
            note=(note_name(checkpoint), cosigned_note(session, checkpoint)) if checkpoint else None,
            **values,
        )


def note_name(checkpoint: StoredCheckpoint) -> str:
    """Return the name of a checkpoint's file."""
    return f"releve-{checkpoint.size}.txt"


def convention_of(session: Session, request: SignatureRequest) -> Convention:
    """Return the convention of a signature request: the one to sign, amended or attested."""
    subject = request.subject_id
    if request.subject_kind == "attestation":
        subject = attestations.get(session, subject).convention_id
    if request.subject_kind == amendments.KIND:
        subject = amendments_of.get(session, subject).convention_id
    return session.get_one(Convention, subject)


def _proof(session: Session, checkpoint: StoredCheckpoint | None, around: Around) -> dict[str, object]:
    """Return the mail's values about the checkpoint: the page of the school's checkpoints, and the one attached."""
    school = tenants.get(session, current_tenant(session))
    page = f"{around.base_url}/points-de-controle/{school.uai}"
    if checkpoint is None:
        return {"page": page, "checkpoint": None}
    fingerprint = note.fingerprint(checkpoint.note)
    return {"page": page, "checkpoint": {"size": checkpoint.size, "fingerprint": fingerprint}}
