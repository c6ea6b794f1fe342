"""After the last signature of an amendment: the convention changes in the same transaction."""

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.conventions import amended
from pfmp_saas.core.events import AmendmentSigned
from pfmp_saas.workflows.times import zone


def change_convention(session: Session, event: AmendmentSigned) -> None:
    """Write the agreed data into the convention, and update its places in the caps and its readers."""
    amendment = queries.get(session, event.subject_id)
    today = event.at.astimezone(zone(session)).date()
    amended.take(session, amendment.convention_id, amendment.data, today)
