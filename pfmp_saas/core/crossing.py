"""What crosses tenants, small and named: each call returns identifiers only.

The functions live in PostgreSQL and belong to the role ``pfmp_crossing``, which row-level security lets
read a few columns; the runtime role may only execute them.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DateTime,
    Row,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session

from pfmp_saas.core.database import Identified, entered


@dataclass(frozen=True)
class Pointer:
    """Where a row is: its tenant and its identifier."""

    tenant_id: uuid.UUID
    id: uuid.UUID


_LINK = func.crossing_signing_link(bindparam("hash")).table_valued(
    column("tenant_id", Uuid()),
    column("signer_id", Uuid()),
    column("expires_at", DateTime(timezone=True)),
    name="link",
)


def _pointers(session: Session, call: str, **values: object) -> list[Pointer]:
    columns = select(literal_column("tenant_id", Uuid()), literal_column("id", Uuid()))
    return [Pointer(*row) for row in session.execute(columns.select_from(text(call)), values)]


def memberships(session: Session, account_id: uuid.UUID) -> list[Pointer]:
    """Return the memberships of an account, in every establishment."""
    return _pointers(session, "crossing_memberships(:account)", account=account_id)


def entering(school: type[Identified]) -> Select[Any]:
    """Return the statement that finds a signing link and its ``school``, and names the tenant to PostgreSQL."""
    named = func.set_config("pfmp.tenant", cast(_LINK.c.tenant_id, Text), True)
    return select(_LINK, school, named).join(school, school.id == _LINK.c.tenant_id)


def enter_by_link(session: Session, statement: Select[Any], token_hash: bytes) -> Row[Any] | None:
    """Enter the tenant of the signing link whose secret has this hash; None if there is none.

    ``statement`` is what :func:`entering` made: every page behind a link begins by it. The row has the link's
    ``signer_id`` and ``expires_at``, and the school under its class's name.
    """
    link = session.execute(statement, {"hash": token_hash}).one_or_none()
    if link is not None:
        entered(session, link.tenant_id)
    return link


def due_items(session: Session, now: datetime, limit: int) -> list[Pointer]:
    """Return reminders that are due at ``now`` (UTC), oldest first."""
    return _pointers(session, "crossing_due_items(:now, :limit)", now=now, limit=limit)


def unsent_mails(session: Session, now: datetime, limit: int) -> list[Pointer]:
    """Return mails to send at ``now`` (UTC): never tried, or to be tried again by then."""
    return _pointers(session, "crossing_unsent_mails(:now, :limit)", now=now, limit=limit)


def returned_mail(session: Session, mail_id: uuid.UUID) -> Pointer | None:
    """Return where a mail of ours is; None where there is none."""
    found = _pointers(session, "crossing_returned_mail(:mail)", mail=mail_id)
    return found[0] if found else None


def host_trainees(session: Session, siren: str, mondays: Sequence[date], apart: uuid.UUID) -> int:
    """Return the most trainees that a legal entity has in one of these civil weeks, one convention set apart."""
    call = text("select crossing_host_trainees(:siren, :days, :apart)")
    return int(session.scalar(call, {"siren": siren, "days": list(mondays), "apart": apart}) or 0)


def trainees_of(
    session: Session, sirens: Sequence[str], mondays: Sequence[date], apart: uuid.UUID
) -> dict[str, int]:
    """Return, for several legal entities, what :func:`host_trainees` returns for one."""
    call = text(
        "select entity, crossing_host_trainees(entity, :days, :apart) from unnest(cast(:entities as text[])) as entity"
    )
    rows = session.execute(call, {"entities": list(sirens), "days": list(mondays), "apart": apart})
    return {entity: int(number) for entity, number in rows}


def running(session: Session, role: str, key: str, days: Sequence[date], apart: uuid.UUID) -> int:
    """Return the most conventions of a ``tutor`` or a ``referent`` on one of these days, one set apart."""
    call = text("select crossing_running(:role, :key, :days, :apart)")
    return int(session.scalar(call, {"role": role, "key": key, "days": list(days), "apart": apart}) or 0)


def previous_placement(
    session: Session, siren: str, tutor: str, before: date, apart: uuid.UUID
) -> tuple[date, date] | None:
    """Return the dates of a tutor's last placement in a legal entity that ended ``before`` a day, one set apart."""
    call = text("select starts_on, ends_on from crossing_previous_placement(:siren, :tutor, :before, :apart)")
    values = {"siren": siren, "tutor": tutor, "before": before, "apart": apart}
    dates = session.execute(call, values).one_or_none()
    return (dates.starts_on, dates.ends_on) if dates else None


def waiting(session: Session, now: datetime) -> dict[str, float]:
    """Return the counts and ages (seconds) of waiting and failed work in the whole service, by name."""
    rows = session.execute(text("select name, value from crossing_waiting(:now)"), {"now": now})
    return {row.name: max(0.0, row.value) for row in rows}


def given_up(session: Session) -> list[tuple[uuid.UUID, str, int]]:
    """Return how much each establishment's worker gave up: the tenant, the table's name, a count."""
    rows = session.execute(text("select tenant_id, name, number from crossing_given_up()"))
    return [(row.tenant_id, row.name, row.number) for row in rows]


def pending_outbox(session: Session, now: datetime, limit: int) -> list[Pointer]:
    """Return one outbox event of each tenant that has some to handle at ``now`` (UTC), the longest waiting first."""
    return _pointers(session, "crossing_pending_outbox(:now, :limit)", now=now, limit=limit)
