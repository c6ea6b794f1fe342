"""A poison of each kind – event, due thing, mail – stops nothing else, ends given up, is shown, and is done once tried again."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.core import crossing, mail
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.retries import MAILS, WORK, WorkState
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.workflows import failures
from pfmp_saas.workflows.flow import FLOW
from tests.support.clock import NOW
from tests.support.pages import OFFICE, UAI, page

OPERATOR = "exploitation@pfmp.example"
BROKEN = "Objet coupé\nen deux"


def event(school, subject):
    return school.add(
        lambda _session: OutboxEvent(
            tenant_id=school.tenant, kind="SignerCalled", subject_id=subject, payload={"at": NOW.isoformat()}
        )
    )


def due(school, subject):
    def make(session):
        schedule(session, DueKind.UNSIGNED, subject, "test", due_at=school.now)
        mine = (DueItem.subject_id == subject, DueItem.occurrence == "test")
        return session.scalars(select(DueItem).where(*mine)).one()

    return school.add(make)


def letter(school, title):
    def make(session):
        values = {
            "subject_id": uuid.uuid4(),
            "occurrence": "1",
            "url": "https://x.example/entree/a",
            "hours": 24,
        }
        row = mail.send(session, MailKind.SIGN_IN_LINK, ("Ana", "ana@x.example"), **values)
        row.title = title  # send() writes one line: this row was spoilt since
        return row

    return school.add(make)


def given_up(school, model, row_id):
    row = school.row(model, row_id)
    return (row.state, row.attempts, row.failed_at is not None) == (WorkState.FAILED, WORK.most, True)


def test_a_poison_event_stops_nothing_and_is_done_once_tried_again(school, signed_in, app):
    poison, good = event(school, uuid.uuid4()), event(school, school.signer)
    school.round()
    assert school.row(OutboxEvent, good).state == WorkState.DONE
    first = school.row(OutboxEvent, poison)
    assert (first.state, first.attempts) == (WorkState.WAITING, 1)
    assert "NoResultFound" in first.last_error
    with school.sessions() as session:
        assert crossing.pending_outbox(session, school.now, 10) == []  # the tick asks for no job in vain
    later = event(school, school.signer)
    school.long_time(WORK.most)
    assert school.row(OutboxEvent, later).state == WorkState.DONE
    assert given_up(school, OutboxEvent, poison)
    assert "pfmp_outbox_failed 1.0" in app.test_client().get("/metrics").text
    office = signed_in(OFFICE)
    shown = page(office.get(f"/ecole/{UAI}/suivi"))
    assert "Invitation à signer" in shown
    assert f"après {WORK.most} essais" in shown
    assert "NoResultFound" in shown
    school.repair(
        "update outbox_events set subject_id = :signer where id = :id", signer=school.signer, id=poison
    )
    assert office.post(f"/ecole/{UAI}/suivi/suites/{poison}").status_code == 302
    school.round()
    assert school.row(OutboxEvent, poison).state == WorkState.DONE
    assert "Invitation à signer" not in page(office.get(f"/ecole/{UAI}/suivi"))
    assert office.post(f"/ecole/{UAI}/suivi/suites/{poison}").status_code == 404


def test_a_poison_due_thing_stops_nothing_and_is_done_once_tried_again(school, signed_in, app):
    poison, good = due(school, uuid.uuid4()), due(school, school.request)
    school.round()
    assert school.row(DueItem, good).state == WorkState.DONE
    school.long_time(WORK.most)
    assert given_up(school, DueItem, poison)
    assert "pfmp_due_failed 1.0" in app.test_client().get("/metrics").text
    office = signed_in(OFFICE)
    assert "Rappel de signature" in page(office.get(f"/ecole/{UAI}/suivi"))
    school.repair(
        "update due_items set subject_id = :request, occurrence = 'again' where id = :id",
        request=school.request,
        id=poison,
    )
    assert office.post(f"/ecole/{UAI}/suivi/taches/{poison}").status_code == 302
    school.round()
    assert school.row(DueItem, poison).state == WorkState.DONE
    assert "Rappel de signature" not in page(office.get(f"/ecole/{UAI}/suivi"))


def test_a_mail_whose_subject_is_broken_stops_nothing_and_leaves_once_tried_again(school, signed_in, app):
    poison, good = letter(school, BROKEN), letter(school, "Bon objet")
    school.round()
    assert school.row(OutgoingMail, good).state == WorkState.DONE
    school.long_time(MAILS.most)
    assert given_up(school, OutgoingMail, poison)
    assert "pfmp_mails_refused 1.0" in app.test_client().get("/metrics").text
    office = signed_in(OFFICE)
    shown = page(office.get(f"/ecole/{UAI}/suivi"))
    assert "ana@x.example" in shown
    assert "linefeed" in shown
    school.repair("update outgoing_mails set title = 'Objet réparé' where id = :id", id=poison)
    assert office.post(f"/ecole/{UAI}/suivi/courriels/{poison}").status_code == 302
    school.round()
    assert school.row(OutgoingMail, poison).state == WorkState.DONE
    assert sorted(school.subjects()) == ["Bon objet", "Objet réparé"]


def test_any_error_in_writing_a_mail_is_counted_and_all_is_tried_again_by_one_button(
    school, signed_in, monkeypatch
):
    def breaks(*_arguments):
        raise ZeroDivisionError("surprise\nand its secrets")

    poison = letter(school, "Sain")
    with monkeypatch.context() as patched:
        patched.setattr(work, "compose", breaks)
        school.long_time(MAILS.most + 1)
    assert given_up(school, OutgoingMail, poison)
    assert school.row(OutgoingMail, poison).last_error == "ZeroDivisionError: surprise"
    assert signed_in(OFFICE).post(f"/ecole/{UAI}/suivi/tout").status_code == 302
    school.round()
    assert school.subjects() == ["Sain"]


def test_a_process_killed_at_each_try_is_counted_too(school, monkeypatch):
    class Killed(BaseException):
        """What nothing catches: the process is no more."""

    def dies(*_arguments):
        raise Killed

    monkeypatch.setattr(work, "deliver", dies)
    poison = letter(school, "Mortel")
    for _ in range(MAILS.most):
        with pytest.raises(Killed):
            work.send_mail(str(school.tenant), str(poison))
        school.now += timedelta(hours=7)
    work.send_mail(str(school.tenant), str(poison))
    assert given_up(school, OutgoingMail, poison)
    assert "processus" in school.row(OutgoingMail, poison).last_error


def test_an_unreadable_authority_stops_no_reminder(school, tmp_path):
    (tmp_path / "tsa.pem").write_text("no certificate")
    spoilt = replace(school.settings, tsa_url="http://tsa.example", tsa_trust=tmp_path / "tsa.pem")
    configure(spoilt, lambda: school.now)
    good = due(school, school.request)
    work.run_due(str(school.tenant), str(good))
    assert school.row(DueItem, good).state == WorkState.DONE


def test_the_operator_sees_how_much_and_may_have_all_tried_again(school, signed_in):
    rows = [
        (OutboxEvent, event(school, uuid.uuid4())),
        (DueItem, due(school, uuid.uuid4())),
        (OutgoingMail, letter(school, BROKEN)),
    ]
    school.long_time(WORK.most + 1)
    assert all(given_up(school, *row) for row in rows)
    operator = signed_in(OPERATOR)
    assert "3 abandons" in page(operator.get("/plateforme"))
    assert operator.post(f"/plateforme/etablissements/{school.tenant}/reessayer").status_code == 302
    assert "abandon" not in page(operator.get("/plateforme"))
    assert {school.row(*row).state for row in rows} == {WorkState.WAITING}
    assert signed_in(OFFICE).post(f"/plateforme/etablissements/{school.tenant}/reessayer").status_code == 404


def test_each_kind_of_work_has_words_for_the_school():
    assert set(failures.WHAT) == {*DueKind, *(step.event.__name__ for step in FLOW if step.after)}
