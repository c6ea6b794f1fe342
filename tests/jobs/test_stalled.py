"""What no server takes and what keeps failing: tried less and less, then given up, told to the school, counted."""

import itertools
import uuid
from datetime import timedelta

from sqlalchemy import select

from pfmp_saas.core import crossing
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.retries import MAILS, WORK, WorkState
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.demo.seed import EARLIER
from pfmp_saas.jobs import work
from tests.support.clock import NOW
from tests.support.pages import OFFICE, UAI


def state(session_factory, letter):
    with session_factory() as session:
        enter_tenant(session, uuid.UUID(letter[0]))
        row = session.get_one(OutgoingMail, uuid.UUID(letter[1]))
        return row.state, row.attempts, row.last_error


def test_an_address_that_does_not_exist_is_given_up_at_once_and_shown(
    session_factory, worker, letter, signed_in
):
    work.send_mail(*letter)
    assert state(session_factory, letter)[:2] == (WorkState.FAILED, 1)
    work.send_mail(*letter)
    assert state(session_factory, letter)[1] == 1
    office = signed_in(OFFICE)
    shown = office.get(f"/ecole/{UAI}/suivi").text
    assert "ana@x.example" in shown
    assert "unknown user" in shown
    assert office.post(f"/ecole/{UAI}/suivi/courriels/{letter[1]}").status_code == 302
    assert state(session_factory, letter)[:2] == (WorkState.WAITING, 0)
    assert office.post(f"/ecole/{UAI}/suivi/courriels/{letter[1]}").status_code == 404


def test_a_busy_server_is_asked_less_and_less_then_no_more(session_factory, worker, letter, server):
    server.code = "450 4.2.0 greylisted"
    tried = []
    for minute in range(60 * 72):
        worker[0] = NOW + timedelta(minutes=minute)
        with session_factory() as session:
            waiting = crossing.unsent_mails(session, worker[0], 10)
        if str(letter[1]) in {str(each.id) for each in waiting}:
            before = state(session_factory, letter)[1]
            work.send_mail(*letter)
            if state(session_factory, letter)[1] > before:
                tried.append(minute)
        if state(session_factory, letter)[0] == WorkState.FAILED:
            break
    gaps = [after - before for before, after in itertools.pairwise(tried)]
    assert len(tried) == MAILS.most
    assert gaps == sorted(gaps)
    assert gaps[0] <= 3
    assert gaps[-1] >= 350


def test_a_server_that_comes_back_is_used(session_factory, worker, letter, server):
    server.code = "450 4.2.0 later"
    work.send_mail(*letter)
    server.code = "250 OK"
    worker[0] = NOW + timedelta(minutes=5)
    work.send_mail(*letter)
    assert state(session_factory, letter)[0] == WorkState.DONE


def test_a_due_thing_that_raises_is_given_up_and_may_be_tried_again(
    session_factory, worker, letter, signed_in
):
    with session_factory.begin() as session:
        enter_tenant(session, uuid.UUID(letter[0]))
        schedule(session, DueKind.UNSIGNED, uuid.uuid4(), "1", due_at=NOW)  # about nothing that exists
        item = session.scalars(select(DueItem.id).where(DueItem.due_at == NOW)).one()
    for hour in range(WORK.most + 3):
        worker[0] = NOW + timedelta(hours=2 * hour)
        work.run_due(letter[0], str(item))
    with session_factory() as session:
        enter_tenant(session, uuid.UUID(letter[0]))
        row = session.get_one(DueItem, item)
        assert (row.state, row.attempts) == (WorkState.FAILED, WORK.most)
        assert crossing.waiting(session, worker[0])["due_failed"] == 1
    office = signed_in(OFFICE)
    assert "n’a pas pu faire" in office.get(f"/ecole/{UAI}/suivi").text
    assert office.post(f"/ecole/{UAI}/suivi/taches/{item}").status_code == 302
    assert "n’a pas pu faire" not in office.get(f"/ecole/{UAI}/suivi").text


def test_what_waits_is_counted_without_a_name(app, session_factory, worker, letter):
    client = app.test_client()
    work.send_mail(*letter)
    said = client.get("/metrics").text
    assert "pfmp_mails_refused 1.0" in said
    assert "ana@" not in said
    lag = client.get("/readyz").json["checkpoint_lag_seconds"]
    assert lag == EARLIER.total_seconds()  # since the schools began, for no checkpoint was signed yet
    with session_factory() as session:
        assert crossing.waiting(session, NOW + timedelta(hours=1))["log_uncovered_events"] > 0
