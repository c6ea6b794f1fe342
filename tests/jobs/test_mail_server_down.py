"""A mail server that is dead or hangs: one mail at a time tries it, all the rest goes on, and none is given up for it."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.core import breaker, mail
from pfmp_saas.core.breaker import Breaker
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.retries import WorkState
from pfmp_saas.deadlines.models import DueItem, Effect
from pfmp_saas.deadlines.use_cases import schedule as schedule_due
from pfmp_saas.demo.services import MailCatcher, free_port
from pfmp_saas.jobs.runtime import configure
from tests.support.mails import sent_as
from tests.support.processes import HoldingServer, worker_process
from tests.support.waiting import until
from tests.support.worker import received, sending_to

MANY = 6


def _write(school, number):
    with school.inside() as session:
        for rank in range(number):
            mail.send(
                session, MailKind.WELCOME, (f"Ana {rank}", f"ana{rank}@x.example"), subject_id=uuid.uuid4(),
                occurrence="1", school="Lycée", url="https://x.example/entree/a",
            )  # fmt: skip
        session.commit()


def _mails(school):
    with school.inside() as session:
        return session.scalars(select(OutgoingMail).where(OutgoingMail.kind == MailKind.WELCOME)).all()


def _tried(school):
    return sum(row.attempts for row in _mails(school))


def test_a_dead_server_is_tried_by_one_mail_at_a_time_and_all_leave_once_it_is_back(school, app, tmp_path):
    port = free_port()
    configure(sending_to(school.settings, port), lambda: school.now)
    _write(school, MANY)
    school.round()
    assert _tried(school) == 1
    school.now += timedelta(seconds=5)
    school.round()  # too early
    assert _tried(school) == 1
    for turn in range(2, 30):  # far more tries than give a mail up
        school.now += timedelta(minutes=10)
        school.round()
        school.round()
        assert _tried(school) == turn
    told = app.test_client().get("/readyz")
    assert (told.status_code, told.json["mail"], told.json["mails_waiting"]) == (200, False, float(MANY))
    assert "pfmp_mail_server_up 0.0" in app.test_client().get("/metrics").text
    assert {(row.state, row.faults) for row in _mails(school)} == {(WorkState.WAITING, 0)}
    back = MailCatcher(tmp_path / "back", port)
    school.now += timedelta(minutes=10)
    school.round()
    assert len(received(back)) == 1
    school.now += timedelta(minutes=10)
    school.round()
    back.stop()
    assert received(back) == {sent_as(row): 1 for row in _mails(school)}
    assert app.test_client().get("/readyz").json["mail"] is True


def test_whoever_dies_while_trying_the_server_leaves_the_turn_to_another(school):
    with school.inside() as session:
        session.add(Breaker(name=mail.SERVER, failures=1, since=school.now, retry_at=school.now))
        session.commit()
    with school.inside() as session:  # as a worker that is killed in the middle of its try
        assert breaker.admits(session, mail.SERVER, school.now)
        session.commit()
        assert not breaker.admits(session, mail.SERVER, school.now)
        assert breaker.admits(session, mail.SERVER, school.now + timedelta(minutes=3))


@pytest.mark.real_processes
def test_a_hanging_mail_server_holds_up_no_other_work(seeded, session_factory, tenant, redis):
    holding = HoldingServer()
    with worker_process(sending_to(seeded, holding.port)):
        until(lambda: holding.held)
        with session_factory.begin() as session:
            enter_tenant(session, tenant)
            item = session.scalars(select(DueItem)).first()
            schedule_due(session, item.kind, item.subject_id, "while-it-hangs", due_at=utc_now())
        until(lambda: _effect(session_factory, tenant, "while-it-hangs"))
        with session_factory() as session:
            row = session.get(Breaker, mail.SERVER)
            failures = row.failures if row else 0
        assert len(holding.held) <= failures + 2  # one mail a failure, and what is being tried
    holding.stop()


def _effect(session_factory, tenant, occurrence):
    with session_factory() as session:
        enter_tenant(session, tenant)
        return session.scalars(select(Effect).where(Effect.occurrence == occurrence)).one_or_none()
