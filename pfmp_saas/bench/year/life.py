"""The year as it is lived: real rows, real jobs through Valkey, real mails through SMTP, at instants passed in."""

import heapq
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

from rq import Queue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.accounts import roles
from pfmp_saas.accounts.forms import Member
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.bench.year.duties import Staff
from pfmp_saas.bench.year.plan import OPENS, SCHOOLS, Placement
from pfmp_saas.bench.year.steps import Life
from pfmp_saas.bench.year.steps import agenda as steps_of
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.queue import MAIL_QUEUE, queue
from pfmp_saas.core.retries import WorkState
from pfmp_saas.core.roles import Role
from pfmp_saas.core.settings import MailSettings, Settings
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.demo.services import MailCatcher, Valkey
from pfmp_saas.followups import queries as followups
from pfmp_saas.jobs.runtime import configure, work
from pfmp_saas.jobs.tick import tick
from pfmp_saas.tenants.queries import by_uai

TEACHERS = 8


@contextmanager
def servers(settings: Settings, directory: Path) -> Iterator[Settings]:
    """Give the settings a Valkey and a mail server that run."""
    valkey, catcher = Valkey(), MailCatcher(directory / "mails")
    try:
        mail = MailSettings("127.0.0.1", catcher.port, "pfmp@pfmp.example")
        yield replace(settings, redis_url=valkey.url, mail=mail)
    finally:
        catcher.stop()
        valkey.stop()


def live(settings: Settings, placements: list[Placement], until: datetime) -> Life:
    """Live the year to its end, instant after instant; return what it has made."""
    life = Life(settings, placements)
    configure(settings, life.now)
    _people(life)
    order = count()
    agenda = [(at, next(order), school, action) for at, school, action in steps_of(life)]
    heapq.heapify(agenda)
    queues = [queue(settings), queue(settings, MAIL_QUEUE)]
    life.before = _sent_before(life)
    while (at := _next(life, agenda)) is not None and at <= until:
        life.clock = at
        while agenda and agenda[0][0] == at:
            _, _, school, action = heapq.heappop(agenda)
            with work(life.tenants[school]) as session:
                action(session)
        while tick():
            _work_off(queues)
        _read_mails(life)
    return life


def _work_off(queues: list[Queue]) -> None:
    """Do the jobs that wait, in this process: their clock is ours."""
    while (found := Queue.dequeue_any(queues, None, connection=queues[0].connection)) is not None:
        job, _ = found
        job.perform()
        job.delete()


def _sent_before(life: Life) -> int:
    """Return the number of mails that the demonstration had sent before the year."""
    number = 0
    for tenant in life.tenants:
        with work(tenant) as session:
            done = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == WorkState.DONE)
            number += session.scalar(done) or 0
    return number


def _next(life: Life, agenda: list[Any]) -> datetime | None:
    """Return the next instant at which somebody acts or something falls due."""
    found = [agenda[0][0]] if agenda else []
    for tenant in life.tenants:
        with work(tenant) as session:
            at = func.greatest(DueItem.due_at, DueItem.next_try_at)  # null is left out
            waiting = select(func.min(at)).where(DueItem.state == WorkState.WAITING)
            due = session.scalar(waiting)
            found += [max(due, life.clock)] if due else []
    return min(found, default=None)


def _people(life: Life) -> None:
    """Take the schools of the demonstration, and give each the teachers that a hundred pupils need."""
    told = json.loads(files("pfmp_saas.demo").joinpath("data.json").read_text(encoding="utf-8"))["schools"]
    for uai in SCHOOLS:
        with work(None) as session:
            tenant = by_uai(session, uai).id
            enter_tenant(session, tenant)
            people = next(school["people"] for school in told if school["uai"] == uai)
            office = [email for role, _, email in people if role in ("head", "ddfpt", "secretariat")]
            teachers = tuple(f"professeur{rank}-{uai.lower()}@annee.example" for rank in range(TEACHERS))
            for rank, email in enumerate(teachers):
                member = Member(email, f"Professeur {rank}", Role.REFERENT)
                roles.give(session, member, roles.Giving(None, "", OPENS))
            drafts = select(Convention).where(Convention.state == "draft").limit(1)
            life.models.append(dict(session.scalars(drafts).one().data))
            life.tenants.append(tenant)
            life.staff.append(Staff(office[0], tuple(office), uai == SCHOOLS[1], teachers))


def _read_mails(life: Life) -> None:
    """Note what was written at this instant, to whom, about which placement; of others' conventions nothing."""
    for tenant in life.tenants:
        with work(tenant) as session:
            new = select(OutgoingMail).order_by(OutgoingMail.created_at)
            if life.seen is not None:
                new = new.where(OutgoingMail.created_at > life.seen)
            for mail in session.scalars(new):
                number = _about(life, session, mail.subject_id)
                if number is not None:
                    life.written[mail.kind, number, mail.recipient, life.clock.astimezone(UTC)] += 1
    with work(life.tenants[0]) as session:
        life.seen = session.scalar(select(func.clock_timestamp()))


def _about(life: Life, session: Session, subject: uuid.UUID) -> int | None:
    if subject not in life.subjects:
        for read in (followups.get, attestations.get):
            try:
                life.subjects[subject] = life.subjects.get(read(session, subject).convention_id, -1)
                break
            except DomainError:
                continue
    number = life.subjects.get(subject, -1)
    return number if number >= 0 else None
