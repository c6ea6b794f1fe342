"""The board: what each filter shows, pages both ways, several reminded or sent together, exports that are no formulas."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from pfmp_saas.accounts.models import Account
from pfmp_saas.campaigns.models import SendingItem
from pfmp_saas.conventions import board, habits, use_cases
from pfmp_saas.conventions.board import BY_DAY, Asked
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.portals.sheets import harmless
from tests.support.clock import NOW, TODAY
from tests.support.pages import TEACHER, UAI, page

BOARD = f"/ecole/{UAI}/conventions"


def names(db, **asked):
    return [row.student_name for row in board.page(db, Asked(**asked), TODAY).rows]


def test_found_by_anything_that_names_it_in_any_order(db, draft):
    number = draft.number.split("-")
    for search in (
        "fontaine lea", "FONTAINE", "1mv2 léa", number[1], draft.number, draft.data["host"]["siret"], "ducs", "lambert",
        "marc petit lea", f"{number[1]} bourgogne",
    ):  # fmt: skip
        assert "Léa Fontaine" in names(db, search=search), search
    assert names(db, search="lea inconnue") == []


def test_by_class_state_and_referent(db):
    assert set(names(db, class_name="1MV2")) == {"Léa Fontaine", "Yanis Kaddour"}
    assert names(db, class_name="1MV2", state="sent") == ["Yanis Kaddour"]
    assert set(names(db, referent=TEACHER)) == {"Léa Fontaine", "Hugo Morel"}


def test_what_presses_begins_within_three_weeks_and_is_not_signed(db, draft):
    soon, late = TODAY + timedelta(days=21), TODAY + timedelta(days=22)
    for first, found in ((soon, True), (late, False), (TODAY - timedelta(days=1), False)):
        period = {"start": first.isoformat(), "end": (first + timedelta(days=25)).isoformat()}
        use_cases.save(db, draft.id, {"periods": [period]})
        assert ("Léa Fontaine" in names(db, pressing=True)) is found, first
    assert "Hugo Morel" not in names(db, pressing=True)  # signed


def test_pages_both_ways_show_each_once(db, draft, monkeypatch):
    monkeypatch.setattr(board, "PAGE", 3)
    for day in (9, 3, 7, 3, 5):
        row = use_cases.create_draft(db, student_id=None, created_by=None, now=NOW)
        period = {"start": f"2027-03-0{day}", "end": "2027-03-31"}
        use_cases.save(db, row.id, {"periods": [period]})
    for order in ("numero", BY_DAY):
        forth, beside = [], None
        while True:
            found = board.page(db, Asked(order=order, beside=beside), TODAY)
            forth.append([row.number for row in found.rows])
            assert found.before is (beside is not None)
            if not found.after:
                break
            beside = found.rows[-1].id
        assert len(forth) > 1
        every = [number for numbers in forth for number in numbers]
        assert len(every) == len(set(every))
        first = db.scalars(select(Convention).where(Convention.number == forth[-1][0])).one()
        back = board.page(db, Asked(order=order, beside=first.id, back=True), TODAY)
        assert [row.number for row in back.rows] == forth[-2]
        assert back.after


def test_by_first_day_what_is_over_is_left_out(db):
    shown = board.page(db, Asked(order=BY_DAY), TODAY).rows
    assert [row.starts_on for row in shown] == sorted(row.starts_on for row in shown)
    assert all(row.ends_on >= TODAY for row in shown)


def test_several_are_reminded_or_sent_in_one_act(office, db, draft):
    yanis = db.scalars(select(Convention).where(Convention.student_name == "Yanis Kaddour")).one()
    mails = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.kind == "signing-renewal")
    before = db.scalar(mails)
    both = {"convention": [str(yanis.id), str(draft.id)]}
    assert office.post(f"{BOARD}/relancer", data=both).status_code == 302
    db.rollback()
    assert db.scalar(mails) == before + 3
    assert "0 rappel part" in page(office.post(f"{BOARD}/relancer", data=both, follow_redirects=True))
    assert office.post(f"{BOARD}/envoyer", data=both).status_code == 302
    db.rollback()
    assert [item.convention_id for item in db.scalars(select(SendingItem))] == [draft.id]
    nothing = office.post(f"{BOARD}/envoyer", data={})
    assert nothing.status_code == 422
    assert "Cochez au moins une convention" in page(nothing)


def test_an_export_holds_what_is_shown_and_no_cell_is_a_formula(office, db, draft):
    use_cases.save(db, draft.id, {"host": {**draft.data["host"], "name": "=HYPERLINK(A1)"}})
    db.commit()
    got = office.get(f"{BOARD}/liste.csv?classe=1MV2")
    lines = list(csv.DictReader(io.StringIO(got.data.decode("utf-8-sig")), delimiter=";"))
    assert {line["Élève"] for line in lines} == {"Léa Fontaine", "Yanis Kaddour"}
    lea = next(line for line in lines if line["Élève"] == "Léa Fontaine")
    assert lea["Organisme d’accueil"] == "'=HYPERLINK(A1)"
    assert (lea["Premier jour"], lea["État"]) == ("11/01/2027", "brouillon")
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"{BOARD}/liste.xlsx?classe=1MV2").data))
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert tuple(head) == board.HEADINGS
    mine = next(dict(zip(head, row, strict=True)) for row in rows if "Fontaine" in row[3])
    assert mine["Organisme d’accueil"] == "=HYPERLINK(A1)"  # a text, not a formula: no value was reckoned
    assert mine["Premier jour"] == date(2027, 1, 11)
    assert mine["SIRET"] == draft.data["host"]["siret"]  # a text too: its zeros stay
    assert office.get(f"{BOARD}/liste.pdf").status_code == 404


def test_every_beginning_of_a_formula_is_disarmed():
    for text in ("=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1"):
        assert harmless(text) == f"'{text}"
    assert harmless("L’Étape-Garage = 2") == "L’Étape-Garage = 2"


def test_a_draft_is_thrown_away_and_its_number_stays_taken(office, db, draft):
    number, mine = draft.number, f"{BOARD}/{draft.id}"
    assert "Supprimer ce brouillon" in page(office.get(mine))
    assert office.post(f"{mine}/supprimer").status_code == 302
    db.rollback()
    row = db.get_one(Convention, draft.id, populate_existing=True)
    assert (row.state, row.student_name, row.data) == ("discarded", "", {"type": row.type_slug})
    assert number not in page(office.get(BOARD)).replace(f"Le brouillon {number} est supprimé", "")
    assert use_cases.create_draft(db, student_id=None, created_by=None, now=NOW).number != number
    db.rollback()
    assert office.post(f"{mine}/supprimer").status_code == 409
    sent = db.scalars(select(Convention).where(Convention.student_name == "Yanis Kaddour")).one()
    assert office.post(f"{BOARD}/{sent.id}/supprimer").status_code == 409


def test_links_of_the_board_keep_what_was_asked(office, seeded):
    body = page(office.get(f"{BOARD}?classe=1MV2&q=lea&tri=debut"))
    by_state = body.partition('aria-label="Mes filtres"')[0]
    for link in re.findall(r'class="chip" href="([^"]*)"', by_state):
        assert "classe=1MV2" in link
        assert "tri=debut" in link
    assert office.get(f"{BOARD}?apres=rien&etat=rien").status_code == 200


@pytest.mark.parametrize(
    ("born", "until", "said"),
    [
        ("2009-02-01", "2027-02-05", "majeur le"),
        ("2009-02-06", "2027-02-05", None),
        ("2008-11-01", "2027-02-05", None),
    ],
)
def test_who_comes_of_age_before_the_end_is_told(office, db, draft, born, until, said):
    draft.data = {**draft.data, "student": {**draft.data["student"], "birth_date": born}}
    draft.ends_on = date.fromisoformat(until)
    db.commit()
    shown = page(office.get(f"/ecole/{UAI}/conventions?q=Fontaine"))
    assert ("majeur le" in shown) == bool(said)


def test_a_filter_is_kept_under_its_name_for_who_kept_it(office, signed_in):
    asked = f"{BOARD}/filtres?classe=1MV2&etat=sent"
    assert "classe=1MV2" in office.post(asked, data={"name": "Mes 1MV2"}).location
    shown = page(office.get(BOARD))
    assert "Mes 1MV2" in shown
    assert "Yanis Kaddour" in page(office.get(f"{BOARD}?classe=1MV2&etat=sent"))
    assert "Mes 1MV2" not in page(signed_in("ddfpt@lp-eiffel.example").get(BOARD))
    assert "Donnez un nom" in page(office.post(asked, data={"name": ""}, follow_redirects=True))
    for number in range(12):
        last = office.post(f"{BOARD}/filtres?q=mot{number}", data={"name": f"filtre {number}"})
    assert last.status_code == 409
    office.post(f"{BOARD}/filtres/oublier", data={"name": "Mes 1MV2"})
    assert "Mes 1MV2" not in page(office.get(BOARD))


def test_what_changed_since_the_last_visit(db, office, draft):
    account = db.scalars(select(Account.id).where(Account.email == "ddfpt@lp-eiffel.example")).one()
    assert habits.visit(db, account, NOW).since is None
    later = NOW + timedelta(hours=1)
    assert habits.visit(db, account, later).since == NOW
    assert habits.visit(db, account, later + timedelta(minutes=20)).since == NOW  # the same visit goes on
    hugo = db.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()
    assert hugo.signed_at is not None
    before, after = (hugo.signed_at + timedelta(seconds=each) for each in (-1, 1))
    db.execute(update(Convention).values(updated_at=before))
    assert "Hugo Morel" in names(db, since=before) and "Hugo Morel" not in names(db, since=after)
    assert "Léa Fontaine" not in names(db, since=before)
    db.commit()
    assert "Hugo Morel" in page(office.get(BOARD, query_string={"depuis": before.isoformat()}))
    assert office.get(f"{BOARD}?depuis=hier").status_code == 200


def test_ticked_conventions_are_withdrawn_or_packed(db, office, draft):
    rows = {row.student_name: row for row in db.scalars(select(Convention))}
    ticked = {"convention": [str(row.id) for row in rows.values()]}
    packed = office.post(f"{BOARD}/documents.zip", data=ticked)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert {name[:5] for name in archive.namelist()} >= {"Hugo ", "Yanis"}
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert "1 convention retirée" in page(
        office.post(f"{BOARD}/retirer", data=ticked, follow_redirects=True)
    ).replace("\xa0", " ")
    db.rollback()
    db.expire_all()
    states = {row.student_name: row.state for row in db.scalars(select(Convention))}
    assert (states["Yanis Kaddour"], states["Hugo Morel"], states["Léa Fontaine"]) == (
        "withdrawn",
        "signed",
        "draft",
    )


@pytest.mark.parametrize(
    ("path", "words"), [("classes", "1MV2"), ("formations", "Code MEF"), ("equipe", TEACHER)]
)
def test_short_lists_leave_as_files(office, path, words):
    given = office.get(f"/ecole/{UAI}/{path}/liste.csv")
    assert given.status_code == 200 and words in given.data.decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"/ecole/{UAI}/{path}/liste.xlsx").data))
    assert len(book.get_sheet_by_index(0).to_python()) == len(given.data.decode("utf-8-sig").splitlines())
    assert office.get(f"/ecole/{UAI}/{path}/liste.exe").status_code == 404
