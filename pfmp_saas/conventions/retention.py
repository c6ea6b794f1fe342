"""The erasure of a convention: its personal data go, its number and its days stay."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention, ConventionParty, Placement
from pfmp_saas.core.moves import move


def purge(session: Session, convention: Convention) -> None:
    """Erase a convention's data, its parties and its placements. Raises Conflict."""
    row = move(session, Convention, convention.id, "erase")
    row.data = {"type": row.type_slug}
    row.student_id, row.student_name, row.host_name, row.class_name = None, "", "", ""
    for model in (ConventionParty, Placement):
        session.execute(delete(model).where(model.convention_id == row.id))
    session.flush()
    session.expire(row, ["parties"])
