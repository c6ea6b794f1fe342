"""Addresses that a mail reaches exactly as they are written, wherever they are typed: one string from the form to the server."""

import uuid

import pytest

from pfmp_saas.accounts.queries import by_email
from pfmp_saas.accounts.use_cases import ensure_account
from pfmp_saas.core import mail, reading
from pfmp_saas.core.addresses import fault, reachable, suggestion
from pfmp_saas.core.mail_templates import MailKind
from tests.support.clock import NOW

GOOD = {
    "ana@x.example": "ana@x.example",
    " ana@x.example\n": "ana@x.example",
    "\N{NO-BREAK SPACE}ana@x.example": "ana@x.example",
    "o'brien@x.example": "o'brien@x.example",
    "Ana.Roy+stage@X.example": "ana.roy+stage@x.example",
    "a@sous.domaine.example": "a@sous.domaine.example",
    "a_b-c@x.example": "a_b-c@x.example",
    "a@école.example": "a@xn--cole-9oa.example",
    "a@ÉCOLE.example": "a@xn--cole-9oa.example",
    "a@e\u0301cole.example": None,  # decomposed: another string on the way
    "a@xn--cole-9oa.example": "a@xn--cole-9oa.example",
    "a@lycée-forêt.example": "a@xn--lyce-fort-d4aq.example",
    "Mme Nom <Nom@X.example>": "nom@x.example",
    "<nom@x.example>": "nom@x.example",
    "Œuvrard, Éloïse <e.o@x.example>": "e.o@x.example",
    "1@x.example": "1@x.example",
    f"{'a' * 64}@x.example": f"{'a' * 64}@x.example",
    "a=b/c@x.example": "a=b/c@x.example",
}
BAD = {
    "point..double@x.example": "un point y est de trop", ".a@x.example": "un point", "a.@x.example": "un point",
    "a@x..example": "un point", "a@x.example.": "un point", "a@.x.example": "un point",
    "é@x.example": "« é » ne peut pas précéder", "rené@x.example": "« é » ne peut pas", "жанна@x.example": "ne peut pas précéder",
    "a@x": "la fin du domaine", "a@localhost": "la fin du domaine", "a b@x.example": "un blanc", "a@x .example": "un blanc",
    "a\N{NO-BREAK SPACE}b@x.example": "un blanc", "a@[127.0.0.1]": "« [ »", "a@127.0.0.1": "mal formée", '"a b"@x.example': "un blanc",
    '"ab"@x.example': '« " »', "a(commentaire)@x.example": "« ( »", "mailto:a@x.example": "mailto",
    "MAILTO:a@x.example": "mailto", "a@x.example,b@x.example": "un seul", "a@x.example;": "« ; »",
    "a@b@x.example": "un seul", "a@b <c@x.example>": "un", "Nom <a@x.example": "un blanc", "a\u200b@x.example": "U+200B",
    "a@x.example\u202e": "U+202E", "a\u00ad@x.example": "U+00AD", "\ufeffa@x.example": "U+FEFF", "a\tb@x.example": "un blanc",
    "a\x00@x.example": "U+0000", "@x.example": "ce qui précède", "a@": "ce qui précède", "a": "un signe @", "a＠x.example": "un signe @",
    f"{'a' * 65}@x.example": "trop longue", f"a@{'b' * 64}.example": "mal formée", f"a@{'b.' * 130}example": "trop longue",
    "a@-x.example": "mal formée", "a@x_y.example": "mal formée", "a%@x.example\r\nBcc: b@x.example": "un",
    "a\\b@x.example": "« \\ »", "a@ｘ.example": "mal formée", "a@x。example": "",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "reason"), BAD.items())
def test_what_could_be_read_otherwise_is_refused_with_the_reason(typed, reason):
    with pytest.raises(ValueError, match="adresse électronique") as refused:
        reading.email(typed)
    assert reason in str(refused.value)
    assert str(refused.value).isprintable()


def test_what_is_typed_is_stored_and_is_the_recipient_that_a_server_receives(db, mail_server):
    """Hostile names stand beside the addresses: they change nothing to the recipient."""
    kept, settings = mail_server()
    names = ("Ana", 'A" <b@x.example>, "', "Élo, Ñ; (x)", "İ\u0301 <c@x.example>", "")
    for rank, (typed, stored) in enumerate(GOOD.items()):
        if stored is None:
            with pytest.raises(ValueError, match="mal formée"):
                reading.email(typed)
            continue
        assert reading.email(typed) == stored
        assert reachable(stored)
        assert reading.email(stored) == stored
        row = mail.send(
            db, MailKind.UNSIGNED_CONVENTION, (names[rank % len(names)], stored), subject_id=uuid.uuid4(), occurrence="1",
            title="Convention", url="https://x.example/signer/a", school="Lycée", capacity="Tuteur", contact="",
        )  # fmt: skip
        row.created_at = NOW
        db.flush()
        mail.deliver(mail.compose(db, row, settings.sender), settings)
        assert kept.taken[-1].rcpt_tos == [stored] == [row.recipient]
    assert len(GOOD) + len(BAD) >= 40


def test_a_mail_written_with_an_accented_domain_travels_in_ascii(db, mail_server):
    kept, settings = mail_server()
    row = mail.send(
        db, MailKind.UNSIGNED_CONVENTION, ("Ana", "a@école.example"), subject_id=uuid.uuid4(), occurrence="1",
        title="Convention", url="https://x.example/signer/a", school="Lycée", capacity="Tuteur", contact="",
    )  # fmt: skip
    row.created_at = NOW
    db.flush()
    mail.deliver(mail.compose(db, row, settings.sender), settings)
    assert kept.taken[-1].rcpt_tos == ["a@xn--cole-9oa.example"]


@pytest.mark.parametrize(("typed", "meant"), [
    ("ana@gmial.com", "gmail.com"), ("ana@gmail.con", "gmail.com"), ("ana@gmail.co", "gmail.com"), ("ana@gamil.com", "gmail.com"),
    ("ana@gmail.fr", "gmail.com"), ("ana@gmai.com", "gmail.com"), ("ana@hotmial.fr", "hotmail.fr"), ("ana@hotmail.f", "hotmail.fr"),
    ("ana@orange.f", "orange.fr"), ("ana@orang.fr", "orange.fr"), ("ana@wanado.fr", "wanadoo.fr"), ("ana@yaho.fr", "yahoo.fr"),
    ("ana@laposte.ne", "laposte.net"), ("ana@free.f", "free.fr"), ("ana@garage-martin.con", "garage-martin.com"), ("ana@gmailcom", "gmail.com"),
])  # fmt: skip
def test_a_likely_misspelling_is_asked_about(typed, meant):
    assert suggestion(typed) == f"ana@{meant}"


@pytest.mark.parametrize("domain", [
    "gmail.com", "orange.fr", "free.fr", "live.com", "mail.com", "ac-dijon.fr", "x.example", "fee.fr", "sfr.com", "garage.co", "lycee.fr",
    "mairie-ivry.fr", "proton.me", "edu.ge.ch", "région.fr",
])  # fmt: skip
def test_what_may_well_be_meant_is_not_asked_about(domain):
    assert suggestion(f"ana@{domain}") is None
    assert fault(f"ana@{domain}") is None


def test_a_blank_is_no_address():
    assert reading.email("") is None
    assert suggestion("") is None
    assert suggestion("ana") is None


def test_who_signs_in_is_found_however_the_domain_is_written(db):
    made = ensure_account(db, "Ana@École.example")
    assert made.email == "ana@xn--cole-9oa.example"
    for typed in ("ana@école.example ", "ANA@XN--COLE-9OA.example", "ana@ÉCOLE.example"):
        assert by_email(db, typed).id == ensure_account(db, typed).id == made.id
    assert by_email(db, "ana@[école") is None
