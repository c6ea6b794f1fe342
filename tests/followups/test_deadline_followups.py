"""The referent's clocks: a first contact, a visit; what lapses under a minor's regulated works."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.moves import move
from pfmp_saas.core.retries import WorkState
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.followups import queries
from pfmp_saas.followups.models import Followup
from pfmp_saas.law.clocks import first_contact_due, renewal_reminders, visit_due
from pfmp_saas.workflows import dispatch, during_placement
from pfmp_saas.workflows.context import Around
from tests.support.clock import TODAY
from tests.support.pages import OFFICE, TEACHER, TUTOR, UAI

PARIS = ZoneInfo("Europe/Paris")
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


# The clocks


@pytest.mark.parametrize(
    ("first", "last", "contact"),
    [
        ("2027-01-11", "2027-02-05", "2027-01-19"),  # 26 days: the ninth
        ("2027-01-11", "2027-01-22", "2027-01-14"),  # 12 days: the fourth
        ("2027-01-11", "2027-01-23", "2027-01-15"),  # 13 days: the fifth
        ("2027-01-11", "2027-01-11", "2027-01-11"),
    ],
)
def test_the_first_contact_is_due_in_the_first_third(first, last, contact):
    ends = date.fromisoformat(first), date.fromisoformat(last)
    assert first_contact_due(*ends) == date.fromisoformat(contact)
    assert visit_due(*ends) == ends[1]


@given(days, st.integers(0, 400))
def test_the_contact_lies_inside_and_comes_no_later_than_the_visit(first, length):
    last = first + timedelta(days=length)
    due = first_contact_due(first, last)
    assert first <= due <= visit_due(first, last)
    assert 3 * ((due - first).days + 1) >= length + 1  # never less than a third
    assert due <= first_contact_due(first, last + timedelta(days=1))  # a longer placement is never dearer


def test_a_lapse_is_told_from_the_first_day_to_a_month_after_the_last():
    first, last = date(2027, 1, 11), date(2027, 2, 5)
    assert renewal_reminders(date(2027, 1, 10), first, last) == ()
    assert renewal_reminders(date(2027, 1, 11), first, last) == (date(2026, 12, 12), date(2027, 1, 4))
    assert renewal_reminders(date(2027, 3, 8), first, last) == (date(2027, 2, 6), date(2027, 3, 1))
    assert renewal_reminders(date(2027, 3, 9), first, last) == ()


@given(days, st.integers(0, 200), days)
def test_every_warning_comes_before_the_lapse(first, length, until):
    told = renewal_reminders(until, first, first + timedelta(days=length))
    assert all(day < until for day in told)
    assert list(told) == sorted(told)


# What a signed convention makes due


def _around(text):
    return Around("http://x.example", datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC))


def _due(db, subjects, kind="followup"):
    rows = db.scalars(select(DueItem).where(DueItem.kind == kind, DueItem.subject_id.in_(subjects)))
    return sorted(rows, key=lambda each: each.due_at)


def _mornings(items):
    return [each.due_at.astimezone(PARIS).strftime("%d/%m %H:%M") for each in items]


def test_a_signed_convention_makes_both_acts_due_with_their_reminders(db, hugo):
    during_placement._plan(db, hugo, _around("2026-11-23"))
    rows = queries.of_convention(db, hugo.id)
    assert [(row.kind, row.due_on) for row in rows] == [
        ("contact", date(2027, 1, 19)), ("visit", date(2027, 2, 5)),
    ]  # fmt: skip
    assert _mornings(_due(db, [rows[0].id])) == ["17/01 08:00", "19/01 08:00", "21/01 08:00"]
    assert _mornings(_due(db, [rows[1].id])) == ["29/01 08:00", "03/02 08:00", "05/02 08:00"]
    during_placement._plan(db, hugo, _around("2026-11-23"))  # twice changes nothing
    assert len(queries.of_convention(db, hugo.id)) == 2
    assert len(_due(db, [row.id for row in rows])) == 6


def test_each_period_has_its_own_acts_and_a_morning_that_has_passed_is_not_scheduled(db, hugo):
    hugo.data = {
        **hugo.data,
        "periods": [*hugo.data["periods"], {"start": "2027-05-10", "end": "2027-05-28"}],
    }
    during_placement._plan(db, hugo, _around("2027-01-19 08:00"))
    rows = queries.of_convention(db, hugo.id)
    assert [(row.kind, row.starts_on.month) for row in rows] == [
        ("contact", 1), ("visit", 1), ("contact", 5), ("visit", 5),
    ]  # fmt: skip
    assert _mornings(_due(db, [rows[0].id])) == ["21/01 08:00"]


def test_the_referent_is_reminded_until_the_act_is_noted(db, hugo, signed_in):
    during_placement._plan(db, hugo, _around("2026-11-23"))
    contact, visit = queries.of_convention(db, hugo.id)
    item = _due(db, [contact.id])[0]
    dispatch.do_due(db, item, _around("2027-01-17 08:00"))
    (mail,) = db.scalars(select(OutgoingMail).where(OutgoingMail.subject_id == contact.id))
    assert mail.recipient == TEACHER
    assert mail.title == "Premier contact à prendre : Hugo Morel"
    assert "au plus tard le 19 janvier 2027" in mail.body.replace("\N{NO-BREAK SPACE}", " ")
    db.delete(mail)
    late = _around("2027-01-25")  # the worker was stopped: three reminders are due, one leaves
    for each in _due(db, [contact.id]):
        dispatch.do_due(db, each, late)
    assert len(db.scalars(select(OutgoingMail).where(OutgoingMail.subject_id == contact.id)).all()) == 1
    move(db, Followup, contact.id, "record")
    dispatch.do_due(db, _due(db, [contact.id])[1], _around("2027-01-19 08:00"))
    assert len(db.scalars(select(OutgoingMail).where(OutgoingMail.subject_id == contact.id)).all()) == 1
    dispatch.do_due(db, _due(db, [visit.id])[0], _around("2027-01-29 08:00"))
    (mail,) = db.scalars(select(OutgoingMail).where(OutgoingMail.subject_id == visit.id))
    assert "ordre de mission" in mail.body


def _page(row, followup=None):
    page = f"/enseignant/{UAI}/conventions/{row.id}"
    return f"{page}/suivi/{followup.id}" if followup else page


def test_the_referent_notes_the_contact_and_the_reminders_stop(signed_in, db, running, work_off):
    contact, visit = queries.of_convention(db, running.id)
    teacher, today = signed_in(TEACHER), TODAY
    assert "Contacts et visites à faire" in teacher.get(f"/enseignant/{UAI}/").text
    assert "Contact pris le" in teacher.get(_page(running)).text
    assert teacher.post(_page(running, contact), data={"done_on": f"{today:%d/%m/%Y}"}).status_code == 302
    work_off()
    db.rollback()
    row = db.get(Followup, contact.id, populate_existing=True)
    assert (row.state, row.done_on) == ("done", today)
    assert {each.state for each in _due(db, [contact.id])} == {WorkState.CANCELLED}
    assert {each.state for each in _due(db, [visit.id])} == {WorkState.WAITING}
    html = teacher.get(_page(running)).text
    assert "Contact pris" in html
    assert "Contact pris le</label>" not in html
    assert "Visite faite le" in html
    assert teacher.post(_page(running, contact), data={"done_on": f"{today:%d/%m/%Y}"}).status_code == 409


@pytest.mark.parametrize(
    ("shift", "typed"), [(1, None), (-8, None), (0, ""), (0, "hier"), (0, "31/02/2027"), (0, "x" * 500)]
)
def test_an_impossible_day_is_refused_beside_its_field(signed_in, db, running, shift, typed):
    contact, _ = queries.of_convention(db, running.id)
    day = TODAY + timedelta(days=shift)
    answer = signed_in(TEACHER).post(
        _page(running, contact), data={"done_on": f"{day:%d/%m/%Y}" if typed is None else typed}
    )
    assert answer.status_code == 422
    assert f'id="done-{contact.id}-aide"' in answer.text
    db.rollback()
    assert db.get(Followup, contact.id, populate_existing=True).state == "expected"


def test_the_first_day_of_the_placement_is_a_day_for_a_contact(signed_in, db, running):
    contact, _ = queries.of_convention(db, running.id)
    first = {"done_on": contact.starts_on.isoformat()}
    assert signed_in(TEACHER).post(_page(running, contact), data=first).status_code == 302


def test_only_the_referent_of_the_convention_notes_it(signed_in, db, running):
    contact, _ = queries.of_convention(db, running.id)
    today = {"done_on": TODAY.isoformat()}
    for person in (OFFICE, TUTOR):
        assert signed_in(person).post(_page(running, contact), data=today).status_code == 404
    other = db.scalars(select(Convention).where(Convention.id != running.id)).first()
    assert signed_in(TEACHER).post(_page(other, contact), data=today).status_code == 404


def test_the_office_sees_what_is_late(signed_in, db, hugo):
    hugo.data = {**hugo.data, "periods": [{"start": "2026-09-07", "end": "2026-10-02"}]}
    during_placement._plan(db, hugo, _around("2026-09-01"))
    db.commit()
    html = signed_in(OFFICE).get(f"/ecole/{UAI}/suivi").text
    assert "premier contact avec l’élève et le tuteur" in html
    assert "15 septembre 2026" in html
    assert (
        "Suivi par l’enseignant référent" in signed_in(OFFICE).get(f"/ecole/{UAI}/conventions/{hugo.id}").text
    )


# What lapses


def _works(hugo, **changes):
    student = {
        **hugo.data["student"],
        "birth_date": "2010-03-17",
        "medical_opinion_on": changes.get("medical"),
    }
    host = {**hugo.data["host"], "derogation_sent_on": changes.get("sent")}
    hugo.data = {**hugo.data, "student": student, "host": host, "works": changes.get("works", ["28"])}


def test_the_office_is_warned_before_the_derogation_and_the_opinion_lapse(db, hugo):
    _works(hugo, sent="2024-02-20", medical="2026-03-08")  # until 20 February, until 8 March
    during_placement._plan(db, hugo, _around("2026-11-23"))
    items = _due(db, [hugo.id], "renewal")
    assert _mornings(items) == ["21/01 08:00", "06/02 08:00", "13/02 08:00", "01/03 08:00"]
    dispatch.do_due(db, items[0], _around("2027-01-21 08:00"))
    mails = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "renewal")).all()
    assert {mail.recipient for mail in mails} == {OFFICE, "ddfpt@lp-eiffel.example"}
    assert "20 février 2027" in mails[0].title.replace("\N{NO-BREAK SPACE}", " ")
    assert "déclaration de dérogation" in mails[0].body


@pytest.mark.parametrize(
    "changes",
    [
        {"sent": "2024-02-20", "medical": "2026-03-08", "works": []},
        {
            "sent": "2024-02-20",
            "medical": "2026-03-08",
            "works": ["24"],
        },  # never for a minor: nothing rests on it
        {"sent": "2024-03-09", "medical": "2026-03-09"},  # more than a month after the end
    ],
)
def test_nothing_is_said_where_nothing_lapses(db, hugo, changes):
    _works(hugo, **changes)
    during_placement._plan(db, hugo, _around("2026-11-23"))
    assert _due(db, [hugo.id], "renewal") == []


@pytest.mark.parametrize(("born", "warned"), [("2009-01-12", True), ("2009-01-11", False)])
def test_an_adult_s_works_rest_on_no_derogation(db, hugo, born, warned):
    _works(hugo, sent="2024-01-20", medical=None)
    hugo.data = {**hugo.data, "student": {**hugo.data["student"], "birth_date": born}}
    during_placement._plan(db, hugo, _around("2026-11-23"))
    assert bool(_due(db, [hugo.id], "renewal")) == warned
