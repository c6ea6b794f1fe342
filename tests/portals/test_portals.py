"""The portals through HTTP: who sees what, and what a wrong entry leaves behind."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.accidents.models import Accident
from pfmp_saas.accounts.models import Account, Membership, SignInLink
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions.models import Convention, Host
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.roster.models import Student
from tests.support.clock import NOW, PARIS
from tests.support.pages import DDFPT, HEAD, HOST, OFFICE, PUPIL, TEACHER, TUTOR, UAI

ACCIDENT = {
    "occurred_at": "2026-11-02T14:30",
    "known_at": "02/11/2026 15:00",
    "place": "Atelier",
    "circumstances": "Chute d’une caisse.",
}


def _one(db, model):
    db.rollback()
    return db.scalars(select(model)).one()


def test_an_accident_starts_the_clock_and_the_reminders(signed_in, hugo, db, work_off):
    page = f"/entreprise/{UAI}/conventions/{hugo.id}/accident"
    assert signed_in(HOST).post(page, data=ACCIDENT).status_code == 302
    work_off()
    row = _one(db, Accident)
    assert (row.declarant, row.recipient, row.deadline.isoformat()) == (
        "host",
        "CPAM",
        "2026-11-04T14:00:00+00:00",
    )
    mails = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "accident")).all()
    assert {mail.recipient for mail in mails} == {HOST, OFFICE, HEAD, DDFPT}


def _an_hour_ago():
    hour_ago = (NOW.astimezone(PARIS) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    return {**ACCIDENT, "occurred_at": hour_ago, "known_at": hour_ago, "outside": "Journée rattrapée"}


def _half(accident):
    return (accident.deadline - NOW) / timedelta(hours=2)


def test_declaring_stops_the_reminders_and_happens_once(signed_in, hugo, db, work_off):
    office = signed_in(OFFICE)
    office.post(f"/ecole/{UAI}/conventions/{hugo.id}/accident", data=_an_hour_ago())
    work_off()
    accident = _one(db, Accident)
    items = db.scalars(select(DueItem).where(DueItem.kind == "accident").order_by(DueItem.due_at)).all()
    assert [accident.deadline - item.due_at for item in items] == [
        timedelta(hours=hours) for hours in (_half(accident), 6, 2, 0)
    ]
    page = f"/ecole/{UAI}/conventions/{hugo.id}/accidents/{accident.id}/declarer"
    assert office.post(page, data={"means": " "}).status_code == 422
    assert office.post(page, data={"means": "recommandé"}).status_code == 302
    assert office.post(page, data={"means": "encore"}).status_code == 409
    work_off()
    assert _one(db, Accident).declaration_means == "recommandé"
    assert set(db.scalars(select(DueItem.state).where(DueItem.kind == "accident"))) == {"cancelled"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"occurred_at": "2026-02-31T10:00"}, "Indiquez un jour et une heure qui existent"),
        ({"known_at": "2026-11-02T14:00"}, "avant d’être arrivé"),
        ({"known_at": "2190-01-01T10:00"}, "dans le futur"),
        ({"circumstances": " "}, "À remplir"),
        ({"occurred_at": "25/10/2026 02:30"}, "n’est pas de la convention"),
        ({"occurred_at": "29/03/2026 02:30"}, "Cette heure n’existe pas ce jour-là"),
        ({"circumstances": "x" * 4001}, "4000 caractères au plus"),
    ],
)
def test_a_wrong_accident_is_explained_and_kept_out(signed_in, hugo, db, change, message):
    answer = signed_in(HOST).post(
        f"/entreprise/{UAI}/conventions/{hugo.id}/accident", data={**ACCIDENT, **change}
    )
    assert answer.status_code == 422
    assert message in answer.text
    assert "Atelier" in answer.text  # what was right is shown again
    db.rollback()
    assert db.scalars(select(Accident)).all() == []


def test_a_day_outside_is_reasoned_and_two_accidents_are_told_apart(signed_in, hugo, db):
    host, page = signed_in(HOST), f"/entreprise/{UAI}/conventions/{hugo.id}/accident"
    before = {**ACCIDENT, "occurred_at": "01/11/2026 10:00"}
    assert host.post(page, data=before).status_code == 422
    assert host.post(page, data={**before, "outside": "Arrivé la veille."}).status_code == 302
    assert _one(db, Accident).circumstances.endswith("Hors des dates de la convention : Arrivé la veille.")
    again = host.post(page, data={**ACCIDENT, "occurred_at": "02/11/2026 09:00"})
    assert (again.status_code, "est déjà enregistré" in again.text) == (422, True)
    assert (
        host.post(page, data={**ACCIDENT, "occurred_at": "02/11/2026 09:00", "another": "oui"}).status_code
        == 302
    )


def test_the_evaluation_is_never_shown_to_the_host(signed_in, hugo, db):
    page = f"/famille/{UAI}/evaluations/{hugo.id}"
    pupil, answers = signed_in(PUPIL), {}
    for word in pupil.get(page).text.split('name="')[1:]:
        answers.setdefault(word.split('"')[0], "Plutôt oui")
    answers["difficulty"] = "Outils usés, secret de l’élève"
    assert pupil.post(page, data=answers).status_code == 302
    assert pupil.post(page, data=answers).status_code == 409
    assert _one(db, Evaluation).answers["difficulty"].startswith("Outils usés")
    school = f"/ecole/{UAI}/conventions/{hugo.id}/evaluation"
    assert "secret de l’élève" in signed_in(HEAD).get(school).text
    assert "secret de l’élève" not in signed_in(OFFICE).get(school).text
    teacher = signed_in(TEACHER).get(school.replace("ecole", "enseignant")).text
    assert "secret de l’élève" not in teacher
    assert "Mon enseignant référent" not in teacher  # what is said of the reader
    for person in (HOST, TUTOR):
        for path in (
            school,
            school.replace("ecole", "enseignant"),
            page,
            page.replace("famille", "entreprise"),
        ):
            assert signed_in(person).get(path).status_code == 404
        assert (
            "secret de l’élève" not in signed_in(person).get(f"/entreprise/{UAI}/conventions/{hugo.id}").text
        )


def test_an_attestation_is_prepared_once_by_the_host_alone(signed_in, hugo, db):
    attestation = db.scalars(select(Attestation)).one()
    page, good = (
        f"/entreprise/{UAI}/attestations/{attestation.id}",
        {"effective_days": "14,5", "place": "Chenôve"},
    )
    assert signed_in(TUTOR).get(page).status_code == 404
    host = signed_in(HOST)
    assert host.post(page, data={"effective_days": "-1", "place": ""}).status_code == 422
    for figures, said in (
        ({"effective_days": "14,55"}, "Une décimale au plus"),
        ({"effective_days": "14", "gratification": "312,505"}, "Deux décimales au plus"),
    ):  # what is signed is what is kept: nothing is rounded after the host has read it
        refused = host.post(page, data={"place": "Chenôve", **figures})
        assert (refused.status_code, said in refused.text) == (422, True)
    answer = host.post(page, data=good)
    assert answer.status_code == 302
    assert "/signer/" in answer.location
    assert host.post(page, data=good).status_code == 409
    assert str(_one(db, Attestation).effective_days) == "14.5"
    assert host.get(f"/entreprise/{UAI}/conventions/{hugo.id}/attestation.pdf").data.startswith(b"%PDF-")


def test_a_party_sees_its_own_conventions_only(signed_in, hugo, db):
    yanis = db.scalars(select(Convention).where(Convention.student_name == "Yanis Kaddour")).one()
    pupil = signed_in(PUPIL)
    assert pupil.get(f"/famille/{UAI}/conventions/{hugo.id}").status_code == 200
    assert pupil.get(f"/famille/{UAI}/conventions/{yanis.id}").status_code == 404
    assert pupil.get(f"/famille/{UAI}/conventions/{uuid.uuid4()}").status_code == 404
    assert pupil.get(f"/ecole/{UAI}/").status_code == 404
    assert signed_in(TEACHER).get(f"/enseignant/{UAI}/conventions/{yanis.id}").status_code == 404


def test_settings_are_for_the_head_and_the_ddfpt(signed_in, db, operator):
    page, team = f"/ecole/{UAI}/reglages", f"/ecole/{UAI}/equipe"
    assert signed_in(OFFICE).get(page).status_code == 404
    head = signed_in(HEAD)
    assert head.post(page, data={"board_date": "31/02/2026", "address": "Ici"}).status_code == 422
    new = {"name": "Nina Blanc", "email": "nina@lp-eiffel.example", "role": "referent"}
    assert head.post(team, data=new).status_code == 302
    db.rollback()
    nina = db.scalars(select(Account).where(Account.email == new["email"])).one()
    with operator.connect() as connection:
        path = select(SignInLink.next_path).where(SignInLink.account_id == nina.id)
        assert connection.scalars(path).one() == "/compte"
    for role in ("operator", "", "{x}"):
        refused = head.post(team, data={**new, "role": role})
        assert (refused.status_code, "n’est pas l’un des choix" in refused.text) == (422, True), role
    assert head.post(f"{team}/{nina.id}/referent/retirer").status_code == 302
    db.rollback()
    assert db.scalars(select(Membership).where(Membership.account_id == nina.id)).all() == []


def test_a_convention_is_copied_and_its_host_is_known(signed_in, hugo, db):
    office = signed_in(OFFICE)
    answer = office.post(f"/ecole/{UAI}/conventions/{hugo.id}/copier")
    assert answer.status_code == 302
    db.rollback()
    copy = db.scalars(select(Convention).order_by(Convention.number.desc())).first()
    assert (copy.state, copy.student_name, copy.data["host"]) == ("draft", "Hugo Morel", hugo.data["host"])
    assert "signers" not in copy.data
    other = db.scalars(select(Student).where(Student.last_name == "Kaddour")).one()
    office.post(f"/ecole/{UAI}/conventions/{hugo.id}/copier", data={"student_id": str(other.id)})
    office.post(f"/ecole/{UAI}/conventions/nouvelle", data={"student_id": str(other.id)})
    db.rollback()
    bare, copied = db.scalars(select(Convention).order_by(Convention.number.desc()).limit(2)).all()
    assert (copied.student_name, copied.host_name) == ("Yanis Kaddour", hugo.host_name)
    assert bare.host_name == ""
    host = db.scalars(select(Host)).one()
    page = f"/ecole/{UAI}/conventions/{bare.id}"
    assert hugo.host_name in office.get(f"{page}/etape/entreprise").text
    office.post(f"{page}/organisme", data={"host_id": str(host.id)})
    db.rollback()
    assert db.get(Convention, bare.id).data["host"]["siret"] == host.siret
    assert office.post(f"{page}/organisme", data={"host_id": str(uuid.uuid4())}).status_code == 404
    assert (
        office.post(
            f"/ecole/{UAI}/conventions/{hugo.id}/organisme", data={"host_id": str(host.id)}
        ).status_code
        == 409
    )


def test_the_dashboard_says_who_has_not_signed_and_goes_on_beyond_a_page(signed_in, db):
    office, page = signed_in(OFFICE), f"/ecole/{UAI}/conventions"
    shown = office.get(page).text
    assert (
        "attendues\N{NO-BREAK SPACE}: Représentant de l’organisme d’accueil, Représentant légal de l’élève, Tuteur"
        in shown
    )
    assert "En signature 1" in shown
    latest = max(db.scalars(select(Convention.number)))
    for _ in range(50):
        office.post(f"{page}/nouvelle")
    first = office.get(page).text
    assert latest not in first
    following = re.search(r'href="([^"]*apres=[^"]*)"', first)[1].replace("&amp;", "&")
    assert latest in office.get(following).text
    assert "ne répond à cette recherche" in office.get(f"{page}?q=personne").text


def test_everyone_who_has_not_signed_is_reminded_at_once(signed_in, db):
    yanis = db.scalars(select(Convention).where(Convention.student_name == "Yanis Kaddour")).one()
    before = len(db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-renewal")).all())
    signed_in(OFFICE).post(f"/ecole/{UAI}/signatures/{yanis.request_id}/relancer")
    db.rollback()
    assert (
        len(db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-renewal")).all())
        == before + 3
    )
