"""What a signer reads before the document says what the document says."""

import json

import pytest
from sqlalchemy import select

from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.portals.public.essentials import declared, facts, hours_in_words
from tests.support.browser import TOP
from tests.support.pages import page


@pytest.mark.parametrize(
    ("week", "told"),
    [
        ({}, ""),
        ({"monday": [["08:00", "12:00"]]}, "lundi, 8 h – 12 h · 4 h par semaine"),
        (
            {
                day: [["08:00", "12:00"], ["13:30", "16:30"]]
                for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
            },
            "lundi à vendredi, 8 h – 12 h et 13 h 30 – 16 h 30 · 35 h par semaine",
        ),
        (
            {
                "tuesday": [["09:00", "17:00"]],
                "wednesday": [["09:00", "17:00"]],
                "saturday": [["08:30", "12:15"]],
            },
            "mardi et mercredi, 9 h – 17 h ; samedi, 8 h 30 – 12 h 15 · 19 h 45 par semaine",
        ),
        (
            {
                "monday": [["08:00", "12:00"]],
                "tuesday": [["08:00", "12:30"]],
                "wednesday": [["08:00", "12:00"]],
            },
            "lundi, 8 h – 12 h ; mardi, 8 h – 12 h 30 ; mercredi, 8 h – 12 h · 12 h 30 par semaine",
        ),
    ],
)
def test_a_week_in_words(week, told):
    assert hours_in_words(week).replace("\N{NO-BREAK SPACE}", " ") == told


def test_the_essentials_of_each_kind_of_convention_are_those_of_its_file(app):
    for path in sorted((TOP / "tests" / "data").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or "host" not in data:
            continue
        with app.test_request_context():
            told = dict(facts(data))
        assert data["host"]["name"] in told["Où"], path
        assert data["tutor"]["name"] in told["Tuteur"], path
        assert data["student"]["last_name"] in told["Élève"], path


def test_nothing_of_an_empty_draft_breaks_the_page(app):
    with app.test_request_context():
        assert dict(facts({"activities": "Accueil", "works": []})) == {"Missions": "Accueil"}


def test_the_signing_page_shows_them(app, ceremony):
    _, url, *_ = ceremony
    shown = page(app.test_client().get(url))
    assert "Garage Bourgogne" in shown
    assert "par semaine" in shown


def test_each_signer_reads_what_he_or_she_declares():
    """By the data of the file: who, whether there are works, a derogation, a student of higher education."""
    plain, works = {"type": "national-2016"}, {"works": ["28"], "host": {"derogation_sent_on": "2026-09-01"}}
    told = {
        field: " ".join(declared(plain, field))
        for field in ("head", "host_representative", "student", "referent", "tutor")
    }
    assert len(set(told.values())) == 5
    assert "approuvez les missions" in told["host_representative"]
    assert "dérogation" not in told["host_representative"]
    assert "adressé à l’inspection du travail, le 01/09/2026" in " ".join(
        declared(works, "host_representative")
    )
    assert "dérogation" not in " ".join(declared({"works": ["28"]}, "host_representative"))
    assert "contrôle permanent" in " ".join(declared(works, "tutor"))
    assert all(
        "L.\N{NO-BREAK SPACE}612-8" in " ".join(declared({"type": "bts-stage"}, field)) for field in told
    )
    assert "You approve" in " ".join(declared(plain, "host_representative", "en"))


def test_the_page_says_limit_pay_and_whom_to_call_and_a_receipt_follows(app, db, ceremony, work_off):
    _, url, shown, signer = ceremony
    client = app.test_client()
    read = page(client.get(url))
    for words in ("En signant", "À signer avant", "Gratification", "secretariat@lp-eiffel.example"):
        assert words in read, words
    client.post(url, data={"shown_hash": shown, "consent": "oui"})
    work_off()
    db.rollback()
    (mail,) = db.scalars(
        select(OutgoingMail).where(OutgoingMail.subject_id == signer, OutgoingMail.kind == "signing-receipt")
    )
    for words in (shown, "à 1", "Ce n’est pas vous", "secretariat@lp-eiffel.example"):
        assert words in mail.body, words
    assert "http" not in mail.body
