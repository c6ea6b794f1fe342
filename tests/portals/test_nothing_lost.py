"""What people type is never lost: two pages on one draft, a session that ended, a form's token that is over."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from pfmp_saas.accounts import kept, queries
from pfmp_saas.accounts.models import AccountSession, KeptForm
from pfmp_saas.conventions import use_cases
from pfmp_saas.conventions.merging import reconcile
from pfmp_saas.conventions.models import Convention
from tests.support.clock import NOW
from tests.support.pages import DDFPT, OFFICE
from tests.support.pages import page as text_of

STEP = "etape/eleve"


def sent_back(html):
    """The step's form as a browser sends it back untouched."""
    inputs = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', html)
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', html)
    sent = {name: unescape(value) for name, value in inputs + areas}
    boxes = set(re.findall(r'<input type="checkbox"[^>]* name="([^"]+)" value="[^"]*"(?! checked)', html))
    return {
        name: value
        for name, value in sent.items()
        if name not in boxes | {"csrf_token", "q"} and not name.startswith("garder:")
    }


@pytest.mark.parametrize(
    ("mine", "seen", "theirs", "chosen", "kept_text", "conflict"),
    [
        ("a", "a", "a", None, "a", False),
        ("a", "a", "b", None, "b", False),  # only the other changed it
        ("b", "a", "a", None, "b", False),  # only this page did
        ("b", "a", "b", None, "b", False),  # both, alike
        ("b", "a", "c", None, "b", True),
        ("b", "a", "c", "mine", "b", False),
        ("b", "a", "c", "theirs", "c", False),
        ("", "a", "a", None, "", False),  # emptied on purpose
        ("", "a", "c", None, "", True),
        ("b", None, "c", None, "b", False),  # a page that does not say what it had shown
    ],
)
def test_texts_are_merged_field_by_field(mine, seen, theirs, chosen, kept_text, conflict):
    found = reconcile(
        {"f": mine}, {} if seen is None else {"f": seen}, {"f": theirs}, {"f": chosen} if chosen else {}
    )
    assert found.texts == {"f": kept_text}
    assert found.conflicts == ({"f": theirs} if conflict else {})


def student(db, draft):
    db.rollback()
    return db.get(Convention, draft.id, populate_existing=True).data["student"]


def test_two_pages_on_one_draft_are_merged_and_a_field_that_both_changed_is_asked(signed_in, draft, at, db):
    office, other = signed_in(OFFICE), signed_in(DDFPT)
    first, second = (sent_back(client.get(f"{at}/{STEP}").text) for client in (office, other))
    assert other.post(f"{at}/{STEP}", data={**second, "student.address": "2 rue Neuve"}).status_code == 302
    assert office.post(f"{at}/{STEP}", data={**first, "student.class_name": "1MV9"}).status_code == 302
    assert (student(db, draft)["address"], student(db, draft)["class_name"]) == ("2 rue Neuve", "1MV9")
    clash = office.post(f"{at}/{STEP}", data={**first, "student.address": "3 rue Vieille"})
    assert clash.status_code == 409
    shown = text_of(clash)
    assert "Garder la mienne : « 3 rue Vieille »" in shown
    assert "Prendre celle de" in shown
    assert "« 2 rue Neuve »" in shown
    assert student(db, draft)["address"] == "2 rue Neuve"
    again = sent_back(clash.text) | {"student.address": "3 rue Vieille"}
    assert office.post(f"{at}/{STEP}", data=again | {"garder:student.address": "mine"}).status_code == 302
    assert student(db, draft)["address"] == "3 rue Vieille"
    assert (
        office.post(
            f"{at}/{STEP}", data=first | {"student.address": "4 rue X", "garder:student.address": "theirs"}
        ).status_code
        == 302
    )
    assert student(db, draft)["address"] == "3 rue Vieille"


def test_a_field_in_conflict_stays_so_until_one_chooses(signed_in, draft, at, db):
    office, other = signed_in(OFFICE), signed_in(DDFPT)
    first = sent_back(office.get(f"{at}/{STEP}").text)
    other.post(f"{at}/{STEP}", data={**first, "student.address": "2 rue Neuve"})
    for path in (STEP, f"{STEP}/enregistrer", STEP):
        clash = office.post(f"{at}/{path}", data={**first, "student.address": "3 rue Vieille"})
        assert "Prendre celle de" in text_of(clash)
        assert student(db, draft)["address"] == "2 rue Neuve"
        first = sent_back(clash.text)


def test_hours_in_conflict_are_not_saved_and_ranges_without_input_stay(signed_in, draft, at, db):
    four = [["08:00", "09:00"], ["10:00", "11:00"], ["13:00", "14:00"], ["15:00", "16:00"]]
    use_cases.save(db, draft.id, {"timetable": {**draft.data["timetable"], "tuesday": four}})
    db.commit()
    office, other, hours = signed_in(OFFICE), signed_in(DDFPT), f"{at}/etape/horaires"
    first = sent_back(office.get(hours).text)
    assert other.post(hours, data={**first, "monday.am.start": "09:00"}).status_code == 302
    assert office.post(hours, data={**first, "monday.am.start": "10:00"}).status_code == 409
    db.rollback()
    week = db.get(Convention, draft.id, populate_existing=True).data["timetable"]
    assert (week["monday"][0][0], week["tuesday"]) == ("09:00", four)


@pytest.mark.parametrize("seen", ["", "{", "[1]", '"x"', '{"student.address": 3}', "null"])
def test_what_a_pagesays_that_it_had_shown_is_never_trusted_to_be_readable(signed_in, draft, at, db, seen):
    typed = sent_back(signed_in(OFFICE).get(f"{at}/{STEP}").text)
    answer = signed_in(OFFICE).post(
        f"{at}/{STEP}", data={**typed, "seen": seen, "student.address": "5 rue Y"}
    )
    assert answer.status_code in (302, 409)
    assert student(db, draft)["last_name"] == "Fontaine"


def test_leaving_a_step_saves_it_and_typing_saves_it(signed_in, draft, at, db):
    office = signed_in(OFFICE)
    typed = sent_back(office.get(f"{at}/{STEP}").text) | {"student.address": "6 rue Z"}
    assert office.post(f"{at}/{STEP}", data={**typed, "vers": "dates"}).location.endswith("/etape/dates")
    assert student(db, draft)["address"] == "6 rue Z"
    typed = sent_back(office.get(f"{at}/{STEP}").text) | {"student.address": "7 rue A"}
    answer = office.post(f"{at}/{STEP}/enregistrer", data=typed)
    assert re.search(r"Enregistré à [0-9]{2}:[0-9]{2}", text_of(answer))
    assert student(db, draft)["address"] == "7 rue A"
    assert json.loads(sent_back(answer.text)["seen"])["student.address"] == "7 rue A"


def _over(db):
    db.execute(update(AccountSession).values(ended_at=NOW))
    db.commit()


def test_a_session_that_ended_keeps_what_was_sent_for_its_person(signed_in, draft, at, db, app):
    office = signed_in(OFFICE)
    typed = sent_back(office.get(f"{at}/{STEP}").text) | {"student.address": "8 rue du Soir"}
    _over(db)
    away = office.post(f"{at}/{STEP}", data=typed)
    assert away.status_code == 302
    assert "/connexion" in away.location
    assert "il reviendra" in text_of(office.get(away.location))
    row = db.scalars(select(KeptForm)).one()
    assert b"rue du Soir" not in row.sealed
    stranger = signed_in(DDFPT)
    assert "8 rue du Soir" not in stranger.get(f"{at}/{STEP}?repris=1").text
    back = office.post(
        "/connexion", data={"email": OFFICE, "password": "demonstration-pfmp", "next": "/accueil"}
    )
    assert back.location == f"{at}/{STEP}?repris=1"
    shown = office.get(back.location)
    assert 'value="8 rue du Soir"' in shown.text
    assert "est revenu dans le formulaire" in text_of(shown)
    assert student(db, draft)["address"] != "8 rue du Soir"  # shown again, not saved behind who typed it
    assert 'value="8 rue du Soir"' not in office.get(f"{at}/{STEP}").text
    again = office.post("/connexion", data={"email": OFFICE, "password": "demonstration-pfmp"})
    assert again.location == "/accueil"  # it comes back once


def test_leaving_in_another_tab_loses_nothing_either(signed_in, draft, at):
    office = signed_in(OFFICE)
    typed = sent_back(office.get(f"{at}/{STEP}").text) | {"student.address": "9 rue du Lac"}
    office.post("/deconnexion")
    office.post(f"{at}/{STEP}", data=typed)
    back = office.post("/connexion", data={"email": OFFICE, "password": "demonstration-pfmp"})
    assert 'value="9 rue du Lac"' in office.get(back.location).text


def test_a_token_that_is_over_keeps_the_form_of_whoever_is_signed_in(guarded, draft, at, db):
    client = guarded.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/connexion").text)[1]
    client.post("/connexion", data={"csrf_token": token, "email": OFFICE, "password": "demonstration-pfmp"})
    typed = sent_back(client.get(f"{at}/{STEP}").text) | {"student.address": "10 rue Tard"}
    answer = client.post(f"{at}/{STEP}", data={**typed, "csrf_token": "vieux"})
    assert answer.location == f"{at}/{STEP}?repris=1"
    assert 'value="10 rue Tard"' in client.get(answer.location).text


def test_passwords_are_never_kept_nor_what_waited_too_long(db, seeded):
    account = queries.by_email(db, OFFICE)
    key = seeded.key_encryption_key
    assert not kept.keep(db, account.id, "/compte", {"password": ["x"], "again": ["x"]}, key, NOW)
    assert kept.keep(db, account.id, "/x", {"a": ["1"], "password": ["secret"]}, key, NOW)
    assert kept.typed_for(db, account.id, "/x", key, NOW) == {"a": ["1"]}
    assert kept.typed_for(db, account.id, "/x", b"0" * 32, NOW) is None
    assert kept.typed_for(db, account.id, "/x", key, NOW + timedelta(days=2)) is None
    assert not kept.keep(db, account.id, "/x", {"a": ["1" * 300_000]}, key, NOW)


def test_a_signer_whose_browser_keeps_no_cookie_is_told_so_and_how_to_go_on(guarded, ceremony):
    _, url, shown, _ = ceremony
    answer = guarded.test_client().post(url, data={"shown_hash": shown, "consent": "yes", "csrf_token": "x"})
    assert answer.status_code == 400
    assert "cookies" in text_of(answer)
    assert f'href="{url}"' in answer.text
