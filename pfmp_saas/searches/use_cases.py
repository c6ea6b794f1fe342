"""Noting a step of a search, taking one back, offering a host, taking up what the pupil found."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.searches import queries
from pfmp_saas.searches.errors import FullLog, NothingFound
from pfmp_saas.searches.kinds import StepKind
from pfmp_saas.searches.models import SearchStep

MOST = 100
"""Steps that one search keeps."""


@dataclass(frozen=True)
class Step:
    """What is noted: the kind, the firm and whom one spoke to, words, the day; ``found`` for a host that agreed."""

    kind: StepKind
    host_name: str = ""
    contact: str = ""
    words: str = ""
    done_on: date | None = None
    found: dict[str, Any] | None = None


def note(
    session: Session,
    convention_id: uuid.UUID,
    step: Step,
    *,
    by: uuid.UUID | None,
    today: date,
    now: datetime,
) -> SearchStep:
    """Store a step of the search behind a draft; ``by`` is a member of the school, None the pupil.

    Raises NotFound, SearchOver, FullLog.
    """
    search = queries.of(session, convention_id)
    if len(search.steps) >= MOST:
        raise FullLog
    row = SearchStep(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        convention_id=convention_id,
        kind=step.kind,
        host_name=step.host_name,
        contact=step.contact,
        words=step.words,
        done_on=step.done_on or today,
        noted_at=now,
        account_id=by,
        place=search.steps[0].place + 1 if search.steps else 1,
        found=step.found,
    )
    session.add(row)
    session.flush()
    return row


def offer(
    session: Session,
    convention_id: uuid.UUID,
    step: Step,
    *,
    by: uuid.UUID,
    link: str,
    today: date,
    now: datetime,
) -> SearchStep:
    """Store what the school offers (L612-8) and write it to the pupil, where an address is known; ``link`` opens the search.

    Raises as :func:`note`.
    """
    row = note(session, convention_id, step, by=by, today=today, now=now)
    data = session.get_one(Convention, convention_id).data.get("student") or {}
    if data.get("email"):
        name = f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        mail.send(
            session,
            MailKind.SEARCH_OFFER,
            (name, data["email"]),
            subject_id=convention_id,  # whose mails are erased with the convention
            occurrence=f"offer-{row.id}",
            host=step.host_name,
            contact=step.contact,
            words=step.words,
            url=link,
        )
    return row


def take_back(session: Session, convention_id: uuid.UUID, step_id: uuid.UUID) -> None:
    """Delete a step that the pupil noted; what the school wrote stays. Raises NotFound, SearchOver."""
    queries.of(session, convention_id)
    row = session.get(SearchStep, step_id)
    if row is None or row.convention_id != convention_id or row.account_id is not None:
        raise NotFound
    session.execute(delete(SearchStep).where(SearchStep.id == step_id))


def take_up(session: Session, convention_id: uuid.UUID, by: uuid.UUID) -> Convention:
    """Fill the draft with the host and the tutor that the pupil found; what the school typed stays.

    Raises NotFound, SearchOver, NothingFound.
    """
    search = queries.of(session, convention_id)
    if search.found is None:
        raise NothingFound
    typed = search.convention.data
    parts = {
        name: {**part, **_filled(typed.get(name))}
        for name, part in (search.found.found or {}).items()
        if part
    }
    return conventions.save(session, convention_id, parts, by)


def _filled(part: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (part or {}).items() if value not in (None, "", {})}


def forget(session: Session, convention_id: uuid.UUID) -> None:
    """Delete the whole search behind a convention whose data go."""
    session.execute(delete(SearchStep).where(SearchStep.convention_id == convention_id))
