"""What people type: a clear French page, the right status, the draft kept; never a 500."""

import io
import re

import pytest
from sqlalchemy import select

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from tests.support.clock import NOW
from tests.support.databases import database_name
from tests.support.pages import HEAD, UAI, page, signer_state


def data_of(db, draft):
    db.rollback()
    return db.get(Convention, draft.id, populate_existing=True).data


def step(draft, slug):
    return f"/ecole/{UAI}/conventions/{draft.id}/etape/{slug}"


BAD_FIELDS = {
    "impossible date": ("dates", {"periods.start": "31/02/2027", "periods.end": "05/03/2027"}, "n’est pas une date"),
    "ends before it starts": ("dates", {"periods.start": "05/03/2027", "periods.end": "01/03/2027"}, "La fin précède"),
    "SIRET": ("entreprise", {"host.siret": "732 829 320 00075"}, "Ce SIRET n’existe pas"),
    "timetable": ("horaires", {"monday.am.start": "12:00", "monday.am.end": "08:00"}, "la fin (08:00) précède"),
    "overlapping halves": ("horaires", {
        "monday.am.start": "08:00", "monday.am.end": "13:00", "monday.pm.start": "12:00", "monday.pm.end": "17:00",
    }, "commence avant la fin du matin"),
    "hour that does not exist": ("horaires", {"monday.am.start": "25:00", "monday.am.end": "26:00"}, "heure de début"),
    "department": ("entreprise", {"host.territory": "999"}, "n’est ni un département"),
    "staff": ("entreprise", {"host.staff": "beaucoup"}, "n’est pas un nombre entier"),
    "e-mail": ("encadrement", {"tutor.email": "pas une adresse"}, "n’est pas une adresse électronique"),
    "header injection": ("encadrement", {"tutor.email": "a@b.fr\r\nBcc: x@y.fr"}, "n’est pas une adresse électronique"),
    "too long": ("eleve", {"student.last_name": "x" * 5000}, "600 caractères au plus"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_FIELDS)
def test_a_wrong_field_is_explained_beside_it_and_the_draft_is_kept(case, office, db, draft):
    slug, typed, message = BAD_FIELDS[case]
    before = data_of(db, draft)
    answer = office.post(step(draft, slug), data=typed)
    assert answer.status_code == 422
    assert message in page(answer)
    assert 'aria-invalid="true"' in page(answer)
    after = data_of(db, draft)
    for name in typed:
        parts = name.split(".")
        kept = {"monday": "timetable", "periods": "periods"}.get(parts[0], parts[0])
        if kept in ("timetable", "periods"):
            assert after.get(kept) == before.get(kept)
        else:
            assert (after.get(kept) or {}).get(parts[1]) == (before.get(kept) or {}).get(parts[1])
    if case != "too long":
        assert next(iter(typed.values())).split("\r")[0] in page(answer)  # what was typed is shown again


STRANGE = (
    "a\x00b",
    "\ud800 seul",
    "🙂👨‍👩‍👧",
    "\u202eenvers",
    "<script>alert(1)</script>",
    "' or 1=1 --",
    "a\r\nBcc: x@y.fr",
)


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_characters_are_kept_or_dropped_but_never_break(strange, office, db, draft):
    typed = {"student.last_name": strange.encode("utf-8", "surrogatepass"), "student.first_name": "Léa"}
    answer = office.post(step(draft, "eleve"), data=typed)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert "caractère" in page(answer)  # refused by name
    kept = data_of(db, draft)["student"]["last_name"]
    assert not {"\x00", "\n", "\u202e", "\u200d"} & set(kept)
    for url in (step(draft, "eleve"), f"/ecole/{UAI}/conventions/{draft.id}", f"/ecole/{UAI}/"):
        shown = office.get(url)
        assert shown.status_code == 200
        assert "<script>alert" not in shown.get_data(as_text=True)
    assert office.get(f"/ecole/{UAI}/conventions/{draft.id}/apercu.pdf").status_code == 200


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ED%A0%80", "q=%25_%25", "etat=rien", "page=-1", "page=x", "q=" + "é" * 3000]
)
def test_strange_searches_answer(query, office):
    assert office.get(f"/ecole/{UAI}/?{query}").status_code in (200, 404)


def test_every_form_survives_nul_characters(office, app, db, draft):
    everyone = [
        ("/connexion", {"email": "a\x00@b.fr", "password": "\x00"}), ("/connexion/lien", {"email": "\x00"}),
        (f"/ecole/{UAI}/conventions/nouvelle", {"student_id": "\x00"}),
        (step(draft, "dates"), {"periods.start": "\x00"}), ("/entree/%00", {}), ("/signer/%00", {}),
        (f"/ecole/{UAI}/reglages", {"name": "\x00"}), ("/compte/mot-de-passe", {"password": "\x00", "again": "\x00"}),
    ]  # fmt: skip
    for url, typed in everyone:
        assert office.post(url, data=typed).status_code < 500, url


def test_sending_twice_sends_once(office, db, draft):
    url = f"/ecole/{UAI}/conventions/{draft.id}/envoyer"
    assert office.post(url).status_code == 302
    again = office.post(url)
    assert again.status_code == 409
    assert "en signature" in page(again)
    assert (
        len(
            db.scalars(
                select(OutgoingMail).where(
                    OutgoingMail.kind == "signing-invitation", OutgoingMail.state == "waiting"
                )
            ).all()
        )
        == 5
    )


@pytest.mark.attack
def test_fifty_megabytes_are_refused_with_a_page(app):
    answer = app.test_client().post(
        "/verifier", data={"pdf": (io.BytesIO(b"%PDF-" + bytes(50 << 20)), "gros.pdf")}
    )
    assert answer.status_code == 413
    assert "Fichier trop lourd" in page(answer)


@pytest.mark.parametrize(
    "content", [b"", b"ceci n'est pas un PDF", b"GIF89a", b"%PDF-", b"%PDF-1.7\n" + bytes(1000)]
)
def test_what_is_not_a_pdf_is_said_so(content, app):
    answer = app.test_client().post("/verifier", data={"pdf": (io.BytesIO(content), "x.pdf")})
    assert answer.status_code in (200, 422)
    assert "Document intact et complet" not in page(answer)
    if answer.status_code == 422:
        assert "PDF" in page(answer)
        assert 'lang="fr"' in page(answer)


def test_signing_without_consent(ceremony, db):
    client, url, shown, signer = ceremony
    answer = client.post(url, data={"shown_hash": shown})
    assert (answer.status_code, signer_state(db, signer)) == (422, "invited")
    assert "Cochez cette case" in page(answer)


def test_refusing_without_a_reason(ceremony, db):
    client, url, _, signer = ceremony
    for reason in ("", "   ", "\x00"):
        answer = client.post(f"{url}/refus", data={"reason": reason})
        assert (answer.status_code, signer_state(db, signer)) == (422, "invited")
        assert "Dites pourquoi" in page(answer)


@pytest.mark.attack
def test_a_stale_hash_is_a_conflict_and_the_page_leads_to_the_current_version(ceremony, db):
    client, url, _, signer = ceremony
    for shown in ("0" * 64, "", "é", "x" * 100_000):
        answer = client.post(url, data={"shown_hash": shown, "consent": "yes"})
        assert (answer.status_code, signer_state(db, signer)) == (409, "invited")
        assert "Le document a changé" in page(answer)
        assert url in page(answer)


def test_signing_twice_signs_once_and_the_used_link_says_so(ceremony, db):
    client, url, shown, signer = ceremony
    assert client.post(url, data={"shown_hash": shown, "consent": "yes"}).status_code == 302
    again = client.post(url, data={"shown_hash": shown, "consent": "yes"})
    assert again.status_code == 410
    assert "Vous avez signé" in page(again)
    assert client.get(url).status_code == 200
    assert client.post(f"{url}/refus", data={"reason": "trop tard"}).status_code == 410
    assert signer_state(db, signer) == "signed"


@pytest.mark.attack
def test_a_link_with_one_character_changed(ceremony):
    client, url, *_ = ceremony
    for wrong in (
        url[:-1] + ("a" if url[-1] != "a" else "b"),
        url[:-1],
        url + "x",
        url.swapcase().replace("/SIGNER", "/signer"),
    ):
        for answer in (
            client.get(wrong),
            client.post(wrong),
            client.get(f"{wrong}/document.pdf"),
            client.post(f"{wrong}/nouveau"),
        ):
            assert answer.status_code == 404
            assert "Ce lien est inconnu" in page(answer)


def test_an_expired_link_offers_a_new_one_sent_to_the_signers_own_address(ceremony, db, postgres, database):
    client, url, shown, signer = ceremony
    with postgres.admin(database_name(database)) as connection:
        connection.execute("update signing_links set expires_at = %s", [NOW])
    for answer in (
        client.get(url),
        client.get(f"{url}/document.pdf"),
        client.post(url, data={"shown_hash": shown, "consent": "yes"}),
    ):
        assert answer.status_code == 410
        assert "Ce lien a expiré" in page(answer)
        assert "Recevoir un nouveau lien" in page(answer)
        assert HEAD not in page(answer)
    assert signer_state(db, signer) == "invited"
    answer = client.post(f"{url}/nouveau", data={"email": "voleur@mal.example"})
    assert answer.status_code == 200
    assert HEAD not in page(answer)
    mails = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-renewal")).all()
    assert [mail.recipient for mail in mails] == [HEAD]
    fresh = re.search(r"http://pfmp.example(/signer/\S+)", mails[0].body)[1]
    assert client.post(fresh, data={"shown_hash": shown, "consent": "yes"}).status_code == 302
    assert signer_state(db, signer) == "signed"
