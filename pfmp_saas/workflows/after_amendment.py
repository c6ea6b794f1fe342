"""After the last signature of an amendment: the convention changes in the same transaction."""

from uuid import UUID

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.conventions import amended
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.events import AmendmentSigned
from pfmp_saas.signing.links import close_to
from pfmp_saas.workflows.times import zone


def change_convention(session: Session, event: AmendmentSigned) -> None:
    """Write the agreed data into the convention, and update its places in the caps and its readers."""
    amendment = queries.get(session, event.subject_id)
    today = event.at.astimezone(zone(session)).date()
    before = _people(conventions.get(session, amendment.convention_id))
    row = amended.take(session, amendment.convention_id, amendment.data, today)
    for field, email in before - _people(row):
        close_to(session, _documents(session, row), field, email, event.at)


def _people(row: Convention) -> set[tuple[str, str]]:
    return {(party.role, party.email) for party in row.parties}


def _documents(session: Session, row: Convention) -> list[UUID]:
    """Return the signature requests about a convention: its own, its amendments', its attestation's."""
    attestation = attestations.of_convention(session, row.id)
    asked = [row.request_id, attestation.request_id if attestation else None]
    asked += [each.request_id for each in queries.of_convention(session, row.id)]
    return [each for each in asked if each]
