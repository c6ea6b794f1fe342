"""Sending many conventions in one act: a row each, sent one transaction each by the worker, the rest says why it stays."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from pfmp_saas.campaigns import errors, queries
from pfmp_saas.campaigns.models import Sending, SendingItem
from pfmp_saas.campaigns.states import SendingState
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.freeze import without_address
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.core.moves import advance, locked
from pfmp_saas.core.unit_of_work import attempt
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.use_cases import given_up, schedule
from pfmp_saas.tenants import queries as tenants


def open_sending(
    session: Session,
    account_id: uuid.UUID,
    chosen: Iterable[uuid.UUID],
    *,
    campaign_id: uuid.UUID | None,
    on_paper: bool,
    now: datetime,
) -> Sending:
    """Store the drafts that somebody sends together; the worker sends each. Raises NothingChosen."""
    rows = queries.drafts(session, chosen)
    if not rows:
        raise errors.NothingChosen
    sending = Sending(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        campaign_id=campaign_id,
        account_id=account_id,
        on_paper=on_paper,
        opened_at=now,
    )
    session.add(sending)
    session.flush()
    for position, row in enumerate(rows, start=1):
        _add(session, sending, row, position)
    return sending


def _add(session: Session, sending: Sending, row: Convention, position: int) -> None:
    item = SendingItem(
        id=uuid.uuid4(),
        tenant_id=sending.tenant_id,
        sending_id=sending.id,
        convention_id=row.id,
        position=position,
        title=row.student_name or row.number,
        state=SendingState.WAITING,
    )
    session.add(item)
    session.flush()
    schedule(session, DueKind.SEND, item.id, "1", due_at=sending.opened_at)


def send_item(
    session: Session, item_id: uuid.UUID, *, kek: bytes, base_url: str, timestamped: bool, now: datetime
) -> SendingItem:
    """Send one convention of a sending, or leave it as it was and say why in French."""
    item = locked(session, SendingItem, item_id)
    sending = session.get_one(Sending, item.sending_id)
    row = session.get_one(Convention, item.convention_id)
    try:
        with attempt(session):
            today = tenants.today(session, now)
            unaddressed = without_address(row.data, today) if sending.on_paper else ()
            conventions.send(
                session,
                row.id,
                kek=kek,
                base_url=base_url,
                now=now,
                timestamped=timestamped,
                on_paper=[spec.field for spec in unaddressed],
            )
        advance(item, "send")
    except (DomainError, InvalidData) as error:
        advance(item, "leave")
        item.reason = error.message if isinstance(error, DomainError) else str(error)
    item.done_at = now
    return item


def stuck(session: Session, sending: Sending) -> list[SendingItem]:
    """Return the conventions of a sending that the worker failed to send, and gave up."""
    waiting = [item for item in sending.items if item.state == SendingState.WAITING]
    failed = given_up(session, DueKind.SEND, [item.id for item in waiting])
    return [item for item in waiting if item.id in failed]
