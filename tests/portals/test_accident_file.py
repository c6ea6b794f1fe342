"""The file of an accident: its declaration prefilled, the proof that it left, corrected and withdrawn without losing what was said."""

import io
import subprocess
from datetime import timedelta

from sqlalchemy import select

from pfmp_saas.accidents.audit import ACCIDENTS
from pfmp_saas.accidents.models import Accident
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence.register import row_faults
from tests.support.clock import NOW
from tests.support.hurt import LOCAL, TOLD
from tests.support.pages import UAI, as_sent, page
from tests.support.papers import BAD, GOOD


def fresh(db, row):
    db.rollback()
    return db.get_one(Accident, row.id, populate_existing=True)


def faults(db):
    return [each.message for each in row_faults(db, UAI, ACCIDENTS)]


def text(pdf, tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"]
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_declaration_is_prefilled_with_what_is_known_and_leaves_the_rest_blank(recorded, hugo, tmp_path):
    host, _, at = recorded
    answer = host.get(f"{at}/declaration.pdf")
    said = text(answer.data, tmp_path)
    for known in (
        "Cerfa no 14463",
        "à l’organisme CPAM",
        "net-entreprises.fr",
        hugo.data["host"]["name"],
        "Morel Hugo",
        "Atelier, pont no 2",
        "Rangeait des outils",
        "Chute d’une caisse à outils.",
        "Sylvie Lambert",
        "10:10",
        "Siège des lésions",
        "copie de la déclaration",
    ):
        assert known in said, known
    assert host.get(f"{at}/declaration.pdf").data == answer.data  # the same bytes twice
    assert page(host.get(at)).count("préremplie (PDF)") == 1


def test_a_declaration_keeps_the_day_and_the_proof_of_its_sending_and_the_school_asks_for_its_copy(
    recorded, office, db, hugo
):
    host, row, at = recorded

    def sent(means="recommandé", day="", proof=None):
        files = {"proof": (io.BytesIO(proof), "recepisse.png")} if proof else {}
        return host.post(f"{at}/declarer", data={"means": means, "sent_on": day, **files})

    early = f"{LOCAL - timedelta(days=1):%d/%m/%Y}"
    assert "avant l’accident" in page(sent(day=early))
    assert sent(day=f"{NOW + timedelta(days=1):%d/%m/%Y}").status_code == 422
    for bad in (content for content, _ in BAD.values() if content):
        answer = sent(proof=bad)
        assert answer.status_code == 422
        assert 'value="recommandé"' in answer.text  # nothing typed is lost
    assert fresh(db, row).state == "recorded"
    assert sent(day=f"{LOCAL:%d/%m/%Y}", proof=GOOD["png"]).status_code == 302
    now_row = fresh(db, row)
    assert (now_row.state, now_row.sent_on) == ("declared", LOCAL.date())
    assert host.get(f"{at}/preuve").data == GOOD["png"]
    theirs = at.replace("/entreprise/", "/ecole/")
    assert "La copie est reçue" in page(office.get(theirs))
    assert office.post(f"{theirs}/copie").status_code == 302
    assert "sa copie depuis le" in page(office.get(theirs))
    assert faults(db) == []


def test_a_correction_is_another_entry_and_a_withdrawal_stays_readable(recorded, office, db, work_off):
    _, row, at = recorded
    theirs = at.replace("/entreprise/", "/ecole/")
    work_off()
    shown = office.get(f"{theirs}/corriger")
    fields = as_sent(shown.text) | {"place": "Cour", "outside": TOLD["outside"]}
    assert fields["circumstances"].startswith(TOLD["circumstances"])
    assert office.post(f"{theirs}/corriger", data=fields | {"known_at": ""}).status_code == 422
    answer = office.post(f"{theirs}/corriger", data=fields)
    assert answer.status_code == 302, page(answer)
    work_off()
    former, newest = fresh(db, row), db.scalars(select(Accident).where(Accident.corrects_id == row.id)).one()
    assert (former.state, former.place, newest.state, newest.place) == (
        "corrected",
        TOLD["place"],
        "recorded",
        "Cour",
    )
    waiting = select(DueItem.subject_id).where(DueItem.kind == "accident", DueItem.state == "waiting")
    assert set(db.scalars(waiting)) == {newest.id}
    assert "Lire l’inscription qui corrige celle-ci" in page(office.get(theirs))
    assert office.post(f"{theirs}/corriger", data=fields).status_code == 409
    here = theirs.replace(str(row.id), str(newest.id))
    assert "Dites pourquoi cette inscription" in page(office.post(f"{here}/retirer", data={"why": " "}))
    assert office.post(f"{here}/retirer", data={"why": "Un autre élève"}).status_code == 302
    work_off()
    db.rollback()
    assert set(db.scalars(waiting)) == set()
    assert "Un autre élève" in page(office.get(here))
    assert office.post(f"{here}/declarer", data={"means": "x"}).status_code == 409
    register = office.get(f"/ecole/{UAI}/registres/accidents.csv").data.decode("utf-8-sig")
    assert "retiré : inscrit par erreur" in register
    assert "corrigé par une autre inscription" in register
    assert faults(db) == []
    assert db.scalars(select(OutgoingMail).where(OutgoingMail.subject_id == newest.id)).first()
