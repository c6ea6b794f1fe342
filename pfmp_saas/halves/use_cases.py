"""Asking a host for its half, keeping what it types, sending it to the school, taking it up field by field."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.forms import merge
from pfmp_saas.conventions.inputs import present
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.dates import between
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.events import HostHalfAnswered, emit
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.moves import locked
from pfmp_saas.halves import queries
from pfmp_saas.halves.asked import fields_of
from pfmp_saas.halves.errors import HalfChanged, HalfOver
from pfmp_saas.halves.models import HostHalf
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.revisions.use_cases import type_of

TWICE = timedelta(minutes=5)
"""Asked again so soon at the same address, it was clicked twice: no second mail."""


@dataclass(frozen=True)
class Asking:
    """Whom the school asks, and by whom it is asked: names and an address; ``words`` go into the mail."""

    name: str
    email: str
    words: str = ""


def ask(
    session: Session,
    convention_id: uuid.UUID,
    asking: Asking,
    *,
    link: Callable[[uuid.UUID], str],
    now: datetime,
) -> HostHalf:
    """Ask a host for its half of a draft and write the link to it. Raises NotFound, Conflict when the draft was sent.

    The same address keeps its link and what was typed; another gets a link of its own and a blank half, and the former
    link dies. What was taken up may be asked again.
    """
    draft = conventions.draft(session, convention_id)
    row = queries.of_convention(session, convention_id)
    if row and (row.email.lower() != asking.email.lower() or row.taken_at):
        forget(session, convention_id)
        row = None
    if row is not None and now - row.asked_at < TWICE:
        return row
    if row is None:
        row = _blank(session, convention_id, asking, now)
        session.add(row)
    row.name, row.asked_at = asking.name, now
    session.flush()
    _write(session, draft, row, asking, link(row.id))
    return row


def ask_known(
    session: Session,
    conventions_of: Collection[uuid.UUID],
    *,
    link: Callable[[uuid.UUID], str],
    now: datetime,
) -> int:
    """Ask the hosts of several drafts, each whom its draft knows with an address; return how many were asked.

    A draft that was asked already, or has left, is passed over.
    """
    number = 0
    for convention_id in conventions_of:
        draft = locked(session, Convention, convention_id)
        known = known_person(draft.data)
        if draft.state == ConventionState.DRAFT and known and not queries.of_convention(session, draft.id):
            ask(session, draft.id, known, link=link, now=now)
            number += 1
    return number


def known_person(data: Mapping[str, Any]) -> Asking | None:
    """Return whom a draft's data know at the host, with an address: its representative, else its tutor; None for nobody."""
    for person in ((data.get("host") or {}).get("representative") or {}, data.get("tutor") or {}):
        if person.get("email"):
            return Asking(person.get("name") or "", person["email"])
    return None


def _blank(session: Session, convention_id: uuid.UUID, asking: Asking, now: datetime) -> HostHalf:
    return HostHalf(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        name=asking.name,
        email=asking.email,
        answers={},
        asked_at=now,
        saved_at=None,
        answered_at=None,
        taken_at=None,
        saves=0,
    )


def _write(session: Session, draft: Convention, row: HostHalf, asking: Asking, url: str) -> None:
    school = tenants.here(session)
    dates = between(draft.starts_on, draft.ends_on) if draft.starts_on and draft.ends_on else ""
    mail.send(
        session,
        MailKind.HOST_HALF,
        (asking.name, asking.email),
        subject_id=draft.id,  # whose mails are erased with the convention
        occurrence=f"half-{row.id}-{row.asked_at.isoformat()}",
        school=school.name,
        student=draft.student_name,
        dates=dates,
        words=asking.words,
        url=url,
    )


def open_locked(session: Session, half_id: uuid.UUID) -> queries.Half:
    """Return a half that can be filled, its draft and itself under lock. Raises NotFound, HalfOver."""
    found = queries.open_half(session, half_id)
    draft = locked(session, Convention, found.convention.id)
    row = locked(session, HostHalf, half_id)
    if row.taken_at or draft.state != found.convention.state:
        raise HalfOver
    return queries.open_half(session, half_id)


def keep(session: Session, half: queries.Half, values: Mapping[str, Any], now: datetime) -> None:
    """Keep what a host typed on one page, by path: only what differs from the draft is an answer."""
    fields = fields_of(type_of(session, half.convention))
    answers = dict(half.row.answers)
    for path, value in values.items():
        if path not in fields:
            continue
        before = present(half.convention.data, fields[path])
        if value == (None if before == "" else before):
            answers.pop(path, None)
        else:
            answers[path] = value
    if answers != half.row.answers:
        half.row.answers, half.row.saved_at = answers, now
        half.row.saves += 1
        session.flush()


def answer(session: Session, half_id: uuid.UUID, now: datetime) -> HostHalf:
    """Send a half to the school, which is told. It may be filled on and sent again until it is taken up. Raises NotFound, HalfOver."""
    row = open_locked(session, half_id).row
    row.answered_at = now
    emit(session, HostHalfAnswered(subject_id=row.id, at=now))
    session.flush()
    return row


def take_up(
    session: Session,
    convention_id: uuid.UUID,
    paths: Collection[str],
    *,
    mark: str,
    by: uuid.UUID,
    now: datetime,
) -> Convention:
    """Put the chosen answers into the draft; the others are forgotten and the link fills nothing more.

    ``mark`` is what the page showed. Raises NotFound, HalfOver, HalfChanged when the draft or the answers changed since.
    """
    row = queries.of_convention(session, convention_id)
    if row is None:
        raise NotFound
    half = open_locked(session, row.id)
    if half.mark != mark:
        raise HalfChanged
    chosen = {path: value for path, value in half.row.answers.items() if path in paths}
    half.row.answers, half.row.taken_at = {}, now
    return conventions.save(session, convention_id, merge(half.convention.data, chosen), by)


def forget(session: Session, convention_id: uuid.UUID) -> None:
    """Delete the half of a convention whose data go."""
    session.execute(delete(HostHalf).where(HostHalf.convention_id == convention_id))
