"""What cannot wait is told at once, to whom it concerns: accidents, late ones too, and what a pupil says of safety."""

from datetime import time, timedelta

from sqlalchemy import func, select

from pfmp_saas.accounts import queries as people
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions.models import ConventionParty
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.difficulties.models import Difficulty
from tests.support.clock import NOW, PARIS
from tests.support.pages import DDFPT, HEAD, HOST, OFFICE, PUPIL, TEACHER, TUTOR, UAI, page

GUARDIAN = "nadia.fontaine@famille.example"
ACCIDENT = {
    "occurred_at": "02/11/2026 14:30",
    "known_at": "02/11/2026 15:00",
    "place": "Atelier",
    "circumstances": "Chute d’une caisse.",
}


def mails(db, kind):
    db.rollback()
    return db.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind)).all()


def plain(words):
    return words.replace("\xa0", " ")


def number(db, kind, recipient):
    db.rollback()
    return db.scalar(
        select(func.count()).where(OutgoingMail.kind == kind, OutgoingMail.recipient == recipient)
    )


def test_an_accident_recorded_late_says_so_at_once_and_again_each_morning(signed_in, hugo, db, work_off, due):
    host = signed_in(HOST)
    assert host.post(f"/entreprise/{UAI}/conventions/{hugo.id}/accident", data=ACCIDENT).status_code == 302
    work_off()
    written = mails(db, "accident")
    assert {mail.recipient for mail in written} == {HOST, HEAD, DDFPT, OFFICE}
    assert all("délai passé depuis le 4 novembre 2026" in plain(mail.title) for mail in written)
    assert all("déclarer aujourd’hui même" in mail.body for mail in written)
    last = NOW
    for rank in (1, 2):
        at = due("accident")
        assert at.astimezone(PARIS).time() == time(8)
        assert timedelta(hours=6) <= at - last <= timedelta(hours=31)
        assert number(db, "accident", HEAD) == number(db, "accident", HOST) == 1 + rank
        last = at


def test_the_family_is_told_of_an_accident_with_the_tutor_and_the_referent(signed_in, hugo, db, work_off):
    guardian = people.by_email(db, GUARDIAN)
    db.add(
        ConventionParty(
            tenant_id=hugo.tenant_id, convention_id=hugo.id, role="guardian", name="Nadia Fontaine",
            email=GUARDIAN, account_id=guardian.id,
        )
    )  # fmt: skip
    db.commit()
    mine = f"/famille/{UAI}/conventions/{hugo.id}"
    assert signed_in(GUARDIAN).post(f"{mine}/accident", data=ACCIDENT).status_code == 302
    work_off()
    written = {mail.recipient: plain(mail.body) for mail in mails(db, "accident-told")}
    assert set(written) == {TUTOR, TEACHER, PUPIL, GUARDIAN}
    assert all(
        "Chute" not in body and "avant le 4 novembre 2026 à 15:00" in body for body in written.values()
    )
    assert "L. 441-2" in written[GUARDIAN]
    assert "L. 441-2" not in written[TUTOR]
    for person in (PUPIL, GUARDIAN):
        assert "À déclarer à CPAM" in signed_in(person).get(mine).text


def test_days_that_the_dates_do_not_hold_are_never_attested(signed_in, hugo, db):
    row = db.scalars(select(Attestation).where(Attestation.convention_id == hugo.id)).one()
    at, host = f"/entreprise/{UAI}/attestations/{row.id}", signed_in(HOST)
    held = (hugo.ends_on - hugo.starts_on).days + 1
    figures = {"effective_days": "200", "gratification": "0", "place": "Dijon", "reason": "Il a rattrapé."}
    answer = host.post(at, data=figures)
    assert answer.status_code == 422
    assert f"La période compte {held} jours en tout" in page(answer)
    above = {**figures, "effective_days": str(held), "reason": ""}
    answer = host.post(at, data=above)
    assert answer.status_code == 422
    assert "dites pourquoi il y en a eu davantage" in page(answer)
    answer = host.post(at, data={**figures, "effective_days": "10", "gratification": "300", "reason": ""})
    assert answer.status_code == 422
    assert "aucune n’est due" in page(answer)
    db.rollback()
    assert db.get_one(Attestation, row.id).state == "expected"
    assert (
        host.post(at, data={**above, "reason": "Présent aussi le samedi, d’un commun accord."}).status_code
        == 302
    )
    db.rollback()
    row = db.get_one(Attestation, row.id, populate_existing=True)
    assert (row.state, row.effective_days, row.reason[:7]) == ("sent", held, "Présent")


def answers(client, at, **changed):
    found = {}
    for word in client.get(at).text.split('name="')[1:]:
        found.setdefault(word.split('"')[0], "Oui, tout à fait")
    return {**found, "difficulty": "Une machine sans carter.", **changed}


def test_a_bad_answer_on_safety_reaches_head_and_ddfpt_at_once_as_a_task(signed_in, hugo, db, work_off, due):
    at, pupil = f"/famille/{UAI}/evaluations/{hugo.id}", signed_in(PUPIL)
    assert "tel:3018" in pupil.get(at).text
    assert pupil.post(at, data=answers(pupil, at, safety="Non, pas du tout")).status_code == 302
    sent = pupil.get(at).text
    assert "tel:3018" in sent
    assert "tel:119" in sent
    head = signed_in(HEAD)
    row = db.scalars(select(Difficulty)).one()
    assert "Santé ou sécurité : signalement au sujet de Hugo Morel" in page(head.get(f"/ecole/{UAI}/"))
    assert row.due_at - row.told_at == timedelta(hours=24)
    work_off()
    assert {mail.recipient for mail in mails(db, "difficulty")} == {HEAD, DDFPT}
    assert all("carter" not in mail.body for mail in mails(db, "difficulty"))
    assert due("difficulty") == row.due_at
    due("difficulty")
    assert number(db, "difficulty", DDFPT) == 3
    task = f"/ecole/{UAI}/signalements/{row.id}"
    for person, status in ((HEAD, 200), (DDFPT, 200), (OFFICE, 404), (TEACHER, 404), (HOST, 404)):
        assert signed_in(person).get(task).status_code == status, person
    assert head.post(task, data={"measures": " "}).status_code == 422
    assert head.post(task, data={"measures": "Famille appelée, carter posé."}).status_code == 302
    assert head.post(task, data={"measures": "Encore."}).status_code == 409
    work_off()
    assert (
        db.scalars(select(DueItem).where(DueItem.kind == "difficulty", DueItem.state == "waiting")).all()
        == []
    )
    for space, person in (("entreprise", HOST), ("entreprise", TUTOR), ("enseignant", TEACHER)):
        assert "signalé par" not in signed_in(person).get(f"/{space}/{UAI}/conventions/{hugo.id}").text


def test_good_answers_alarm_nobody(signed_in, hugo, db):
    at, pupil = f"/famille/{UAI}/evaluations/{hugo.id}", signed_in(PUPIL)
    assert pupil.post(at, data=answers(pupil, at, welcome="Non, pas du tout")).status_code == 302
    assert db.scalars(select(Difficulty)).all() == []


def test_a_party_tells_a_difficulty_and_the_referent_reads_what_is_theirs(signed_in, hugo, db, work_off):
    told = {
        (TUTOR, "entreprise", "absence"): True,
        (PUPIL, "famille", "missions"): True,
        (PUPIL, "famille", "harassment"): False,
    }
    for person, space, kind in told:
        at = f"/{space}/{UAI}/conventions/{hugo.id}/signaler"
        client = signed_in(person)
        assert client.get(at).status_code == 200
        assert client.post(at, data={"kind": kind, "words": " "}).status_code == 422
        assert client.post(at, data={"kind": kind, "words": f"Mots sur {kind}."}).status_code == 302
    work_off()
    shown = signed_in(TEACHER).get(f"/enseignant/{UAI}/conventions/{hugo.id}").text
    for (_, _, kind), his in told.items():
        assert (f"Mots sur {kind}." in shown) is his
    assert number(db, "difficulty", TEACHER) == 2
    assert number(db, "difficulty", HEAD) == 3
    listed = signed_in(HEAD).get(f"/ecole/{UAI}/signalements").text
    assert listed.index("Harcèlement") < listed.index("Absences")
    assert "Mots sur" not in signed_in(HOST).get(f"/entreprise/{UAI}/conventions/{hugo.id}").text
