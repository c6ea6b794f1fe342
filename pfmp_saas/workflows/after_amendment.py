"""An amendment that all have signed: the convention takes its new state at once."""

from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.conventions import amended
from pfmp_saas.core.events import AmendmentSigned
from pfmp_saas.workflows.times import zone


def change_convention(session: Session, event: AmendmentSigned) -> None:
    """Give the convention what its parties have agreed: data, caps, who may read it."""
    amendment = queries.get(session, event.subject_id)
    today = event.at.astimezone(zone(session)).date()
    amended.take(session, amendment.convention_id, amendment.data, today)
