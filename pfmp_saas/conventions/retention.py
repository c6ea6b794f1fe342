"""The end of a convention's file: what it said of people goes, its number and its days stay."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention, ConventionParty, Placement
from pfmp_saas.core.moves import move


def purge(session: Session, convention: Convention) -> None:
    """Empty a convention that is no longer kept; its parties and its places in the caps go. Raises Conflict."""
    row = move(session, Convention, convention.id, "erase")
    row.data = {"type": row.type_slug}
    row.student_id, row.student_name, row.host_name, row.class_name = None, "", "", ""
    for model in (ConventionParty, Placement):
        session.execute(delete(model).where(model.convention_id == row.id))
    session.flush()
    session.expire(row, ["parties"])
