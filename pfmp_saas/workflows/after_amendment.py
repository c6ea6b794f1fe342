"""After the last signature of an amendment: the convention changes in the same transaction."""

from uuid import UUID

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.conventions import amended
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.freeze import five_of
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import mail
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.events import AmendmentSigned
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.signing.links import asked_by, close_to
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.times import zone


def change_convention(session: Session, event: AmendmentSigned) -> None:
    """Write the agreed data into the convention, and update its places in the caps and its readers."""
    amendment = queries.get(session, event.subject_id)
    today = event.at.astimezone(zone(session)).date()
    before = _people(conventions.get(session, amendment.convention_id))
    row = amended.take(session, amendment.convention_id, amendment.data, today)
    for field, email in before - _people(row):
        close_to(session, _documents(session, row), field, email, event.at)


_LEAVING = amended.REPLACED - {"head"}
"""Whom a mail tells that another took the place; the head in office changes for every convention at once."""


def tell_outgoing(session: Session, event: AmendmentSigned, _around: Around) -> None:
    """Mail whom an amendment has replaced: nothing more is asked, and the convention is closed to that person."""
    amendment = queries.get(session, event.subject_id)
    today = event.at.astimezone(zone(session)).date()
    present = {(spec.field, travelling(spec.email)) for spec in five_of(amendment.data, today)}
    for spec in five_of(amendment.before, today):
        if spec.email and spec.field in _LEAVING and (spec.field, travelling(spec.email)) not in present:
            mail.send(
                session,
                MailKind.AMENDMENT_LEFT,
                (spec.name, travelling(spec.email)),
                subject_id=amendment.id,
                occurrence=spec.field,
                capacity=spec.capacity,
                title=amendments.title(session, amendment),
                **asked_by(session),
            )


def _people(row: Convention) -> set[tuple[str, str]]:
    return {(party.role, party.email) for party in row.parties}


def _documents(session: Session, row: Convention) -> list[UUID]:
    """Return the signature requests about a convention: its own, its amendments', its attestation's."""
    attestation = attestations.of_convention(session, row.id)
    asked = [row.request_id, attestation.request_id if attestation else None]
    asked += [each.request_id for each in queries.of_convention(session, row.id)]
    return [each for each in asked if each]
