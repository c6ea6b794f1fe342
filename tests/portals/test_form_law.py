"""The law beside the field: on save, and while one types."""

import re

from pfmp_saas.conventions import judging
from pfmp_saas.conventions.models import Convention
from pfmp_saas.evidence.events import text_hash
from pfmp_saas.evidence.queries import audit, events_of
from pfmp_saas.law.repair import HOURS
from tests.support.clock import NOW
from tests.support.pages import HEAD, OFFICE, UAI

BLANKS = str.maketrans("\u00a0\u202f", "  ")
LATE = {
    "monday.am.start": "08:00",
    "monday.am.end": "12:00",
    "monday.pm.start": "13:00",
    "monday.pm.end": "19:00",
}


def _beside(html, place):
    return re.search(rf'<div id="{re.escape(place)}" data-check>(.*?)</div></fieldset>', html, re.DOTALL)[1]


def test_what_is_typed_is_judged_beside_its_day_and_saved(signed_in, draft, db):
    page = f"/ecole/{UAI}/conventions/{draft.id}/etape/horaires"
    html = signed_in(OFFICE).post(f"{page}/enregistrer", data=LATE).text.translate(BLANKS)
    assert "10 h pour un élève de 16 ans" in _beside(html, "monday-loi")
    assert "Bloquant" not in _beside(html, "tuesday-loi")
    db.rollback()
    week = db.get(Convention, draft.id, populate_existing=True).data["timetable"]
    assert week["monday"] == [["08:00", "12:00"], ["13:00", "19:00"]]


def test_a_fault_of_the_form_is_told_with_it(signed_in, draft):
    page = f"/ecole/{UAI}/conventions/{draft.id}/etape/horaires/enregistrer"
    html = signed_in(OFFICE).post(page, data={**LATE, "monday.pm.end": "12:30"}).text
    assert "la fin (12:30) précède le début" in _beside(html, "monday-loi")


def test_an_evening_until_midnight_is_stored_until_twenty_four_and_can_be_sent(signed_in, draft, db):
    office, page = signed_in(OFFICE), f"/ecole/{UAI}/conventions/{draft.id}"
    evening = {
        **LATE,
        "monday.pm.start": "18h",
        "monday.pm.end": "00:00",
        "friday.pm.start": "22h",
        "friday.pm.end": "6h",
    }
    office.post(f"{page}/etape/horaires", data=evening)
    db.rollback()
    week = db.get(Convention, draft.id, populate_existing=True).data["timetable"]
    assert week["monday"] == [["08:00", "12:00"], ["18:00", "24:00"]]
    assert (week["friday"], week["saturday"]) == ([["22:00", "24:00"]], [["00:00", "06:00"]])
    assert (
        signed_in(HEAD).post(f"{page}/envoyer").status_code == 422
    )  # a minor's night blocks; nothing breaks


def test_on_save_each_step_tells_what_concerns_it(signed_in, draft):
    office, page = signed_in(OFFICE), f"/ecole/{UAI}/conventions/{draft.id}/etape"
    office.post(f"{page}/horaires", data=LATE)
    assert "10 h pour un élève" in office.get(f"{page}/horaires").text.translate(BLANKS)
    assert "10 h pour un élève" not in office.get(f"{page}/dates").text.translate(BLANKS)


def test_a_derogation_is_the_heads_alone_motivated_and_in_evidence(signed_in, draft, db):
    office, head, page = signed_in(OFFICE), signed_in(HEAD), f"/ecole/{UAI}/conventions/{draft.id}"
    sunday = {
        "sunday.am.start": "09:00",
        "sunday.am.end": "11:00",
        "tuesday.am.start": "08:00",
        "tuesday.am.end": "12:00",
    }
    office.post(f"{page}/etape/horaires", data=sunday)
    assert "Motif de la dérogation" not in office.get(page).text
    assert "Motif de la dérogation" in head.get(page).text
    good = {"code": "sunday", "reason": "Arrêté préfectoral du 3 juillet, boulangerie ouverte le dimanche."}
    assert office.post(f"{page}/deroger", data=good).status_code == 404
    assert head.post(f"{page}/deroger", data={**good, "reason": "oui"}).status_code == 422
    assert head.post(f"{page}/deroger", data={**good, "code": "daily-hours"}).status_code == 422
    assert head.post(f"{page}/deroger", data=good).status_code == 302
    db.rollback()
    row = db.get(Convention, draft.id, populate_existing=True)
    sundays = [found for found in judging.findings(db, row) if found.code == "sunday"]
    assert [(found.severity, "Hélène Maréchal" in found.message) for found in sundays] == [("warn", True)]
    event = events_of(db, f"convention:{draft.id}")[0]
    assert event.kind == "override"
    assert "préfectoral" not in event.canonical
    assert text_hash(good["reason"]) in event.canonical


def test_the_evidence_of_a_derogation_stands_before_the_freeze(signed_in, draft, db):
    head, page = signed_in(HEAD), f"/ecole/{UAI}/conventions/{draft.id}"
    head.post(f"{page}/deroger", data={"code": "sunday", "reason": "Motif conservé dans la preuve."})
    assert head.post(f"{page}/envoyer").status_code == 302
    db.rollback()
    assert [event.kind for event in events_of(db, f"convention:{draft.id}")] == ["override", "frozen"]
    assert audit(db, NOW).faults == ()


def test_the_nearest_lawful_timetable_is_taken_in_one_tap(signed_in, draft, db):
    page, office = f"/ecole/{UAI}/conventions/{draft.id}/etape/horaires", signed_in(OFFICE)
    office.post(page, data=LATE)
    shown = office.get(page).text.translate(BLANKS)
    assert "L’horaire licite le plus proche" in shown and "08:00–12:00 et 13:00–17:00 au lieu de" in shown
    answer = office.post(page, data={**LATE, "vers": "corriger"})
    assert answer.location.endswith("/etape/horaires")
    db.rollback()
    row = db.get(Convention, draft.id, populate_existing=True)
    assert row.data["timetable"]["monday"] == [["08:00", "12:00"], ["13:00", "17:00"]]
    assert "L’horaire licite le plus proche" not in office.get(page).text
    assert not [each for each in judging.findings(db, row) if each.code in HOURS]
