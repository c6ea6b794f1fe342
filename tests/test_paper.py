"""Signatures on paper: the office vouches under its own name, the scan is kept, and everyone is told what it is."""

import html
import io
import threading
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import Conflict, DomainError
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.roles import Role
from pfmp_saas.evidence.events import PAPER
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.verify import Held, verify_pdf
from pfmp_saas.evidence.verify.told import judge_file
from pfmp_saas.signing import queries, texts, use_cases
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, Signer
from pfmp_saas.signing.paper import Voucher, vouch
from pfmp_saas.signing.proof import proof_bundle
from tests.conftest import KEK
from tests.pictures import png
from tests.sealed_pdf import rendering
from tests.test_checkpoint_outside import around
from tests.test_portals import HEAD, OFFICE, UAI, db, signed_in
from tests.test_verify_page import client, drop

__all__ = ["around", "client", "db", "signed_in"]  # fixtures
SCAN = png(40, 30)
FRENCH = "%d/%m/%Y"


@pytest.fixture
def sent(seeded, db):
    """The demonstration's draft, sent; its request."""
    row = db.scalars(select(Convention).where(Convention.state == "draft")).one()
    conventions.send(db, row.id, kek=KEK, base_url=seeded.base_url, now=datetime.now(UTC))
    db.commit()
    return db.get_one(SignatureRequest, row.request_id)


def signer(request, field):
    return next(each for each in request.signers if each.field == field)


def form(request, field="host_representative", **changes):
    today = datetime.now(UTC).strftime(FRENCH)
    values = {"signer": str(signer(request, field).id), "shown_hash": request.frozen_hash, "signed_on": today}
    values |= {"consent": "yes", "scan": (io.BytesIO(SCAN), "papier.png")} | changes
    return {name: value for name, value in values.items() if value is not None}


def page(request):
    return f"/ecole/{UAI}/signatures/{request.id}/papier"


def voucher(email=OFFICE, *roles):
    return Voucher(None, "Chantal Roy", email, frozenset(roles or (Role.SECRETARIAT,)))


def electronically(session, each, now):
    use_cases.sign(
        session, each.id, shown_hash=each.request.frozen_hash, consent=True, consent_text=texts.CONSENT,
        authentication=texts.BY_LINK, kek=KEK, now=now,
    )  # fmt: skip


def test_the_office_vouches_the_four_others_sign_and_the_document_is_whole(signed_in, sent, db, root, client):
    office = signed_in(OFFICE)
    printed = office.get(page(sent).replace("papier", "a-imprimer.pdf")).data
    assert printed.startswith(b"%PDF-")
    assert len(printed) == sent.frozen_length
    assert office.get(page(sent)).status_code == 200
    answer = office.post(page(sent), data=form(sent))
    assert answer.status_code == 302
    db.rollback()
    host = signer(db.get_one(SignatureRequest, sent.id), "host_representative")
    assert (host.state, host.manner, host.paper.voucher_email) == ("signed", "paper", OFFICE)
    for each in queries.unsigned(db, sent):
        electronically(db, each, datetime.now(UTC))
    db.commit()
    pdf = queries.document(db, sent)
    report = verify_pdf(pdf, trust=[root.certificate_pem.encode()], now=datetime.now(UTC))
    assert (report.ok, len(report.signers)) == (True, 5), report.failed()
    papers = [each for each in report.signers if each.paper]
    assert [(each.paper.signer, each.name) for each in papers] == [(host.name, "Chantal Roy")]
    assert "signé sur papier" in papers[0].told
    assert host.paper.scan_sha256 in papers[0].told
    assert audit(db).faults == ()
    shown = office.get(page(sent)).text
    assert host.paper.scan_sha256 in shown
    scan = office.get(f"{page(sent)}/{host.paper.id}")
    assert scan.data == SCAN
    assert scan.headers["Content-Disposition"].startswith("attachment")


def test_the_certificate_names_the_voucher_never_the_absent_person(signed_in, sent, db, root):
    signed_in(OFFICE).post(page(sent), data=form(sent))
    db.rollback()
    report = verify_pdf(
        queries.document(db, sent), trust=[root.certificate_pem.encode()], now=datetime.now(UTC)
    )
    assert [each.name for each in report.signers] == ["Chantal Roy"]
    mails = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signed-on-paper")).all()
    assert [mail.recipient for mail in mails] == [signer(sent, "host_representative").email]
    assert "Si vous n’avez pas signé ce papier" in mails[0].body


BAD = {
    "no scan": ({"scan": None}, 422, "Choisissez le scan"),
    "a page renamed": ({"scan": (io.BytesIO(b"<html>"), "s.pdf")}, 422, "ni un PDF, ni une image"),
    "a cut picture": ({"scan": (io.BytesIO(SCAN[:-20]), "s.png")}, 422, "abîmé ou incomplet"),
    "a cut document": ({"scan": (io.BytesIO(b"%PDF-1.7\nrien"), "s.pdf")}, 422, "abîmé ou incomplet"),
    "too large": (
        {"scan": (io.BytesIO(b"%PDF-1.7" + b"0" * 10_485_761), "s.pdf")},
        (413, 422),
        "dépasse|volumineux|trop",
    ),
    "no day": ({"signed_on": ""}, 422, "Indiquez le jour"),
    "a day that is none": ({"signed_on": "31/02/2026"}, 422, "calendrier"),
    "tomorrow": (
        {"signed_on": (datetime.now(UTC) + timedelta(days=2)).strftime(FRENCH)},
        422,
        "pas encore venu",
    ),
    "before it existed": ({"signed_on": "01/09/2020"}, 422, "avant"),
    "unticked": ({"consent": None}, 422, "Cochez cette case"),
    "nobody": ({"signer": ""}, 422, "Choisissez qui"),
    "a stranger": ({"signer": "00000000-0000-0000-0000-000000000001"}, 404, ""),
    "another document": ({"shown_hash": "0" * 64}, 409, "a changé"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_and_nothing_is_kept(case, signed_in, sent, db):
    changes, status, reason = BAD[case]
    changes = {
        name: (io.BytesIO(value[0].getvalue()), value[1]) if isinstance(value, tuple) else value
        for name, value in changes.items()
    }
    before = db.scalar(select(SignatureRequest.file_id).where(SignatureRequest.id == sent.id))
    answer = signed_in(OFFICE).post(page(sent), data=form(sent, **changes))
    assert answer.status_code in (status if isinstance(status, tuple) else (status,))
    assert any(each in html.unescape(answer.text) for each in reason.split("|"))
    db.rollback()
    assert db.scalars(select(PaperSignature)).all() == []
    assert db.scalars(select(EvidenceEvent).where(EvidenceEvent.kind == PAPER)).all() == []
    assert db.get_one(SignatureRequest, sent.id).file_id == before


def test_nobody_vouches_for_oneself_and_only_the_office_vouches(signed_in, sent, db):
    assert signed_in(HEAD).post(page(sent), data=form(sent, "head")).status_code == 422
    assert signed_in("marc.petit@lp-eiffel.example").post(page(sent), data=form(sent)).status_code == 404
    host = signer(sent, "host_representative")
    with pytest.raises(DomainError, match="sa propre signature"):
        vouched(db, host, voucher=voucher(host.email))
    db.rollback()
    assert signed_in(OFFICE).post(page(sent), data=form(sent, "head")).status_code == 302


def vouched(session, each, **changes):
    now = datetime.now(UTC)
    values = {
        "voucher": voucher(),
        "shown_hash": each.request.frozen_hash,
        "signed_on": date.today(),
        "scan": SCAN,
    }
    return vouch(session, each.id, **(values | {"consent": True, "kek": KEK, "now": now} | changes))


def test_a_doubled_post_records_one(signed_in, sent, db):
    office = signed_in(OFFICE)
    assert [office.post(page(sent), data=form(sent)).status_code for _ in range(2)] == [302, 409]
    db.rollback()
    assert len(db.scalars(select(PaperSignature)).all()) == 1


def test_paper_and_link_at_the_same_instant_give_one_signature(sent, db, session_factory, signed_in):
    host, barrier, seen = signer(sent, "host_representative").id, threading.Barrier(2), []
    clerk = signed_in(OFFICE)
    typed = form(sent)

    def by_link():
        with session_factory() as session:
            session.info["tenant"] = sent.tenant_id
            barrier.wait()
            try:
                electronically(session, session.get_one(Signer, host), datetime.now(UTC))
                session.commit()
                seen.append("link")
            except Conflict:
                seen.append("refused")

    def by_paper():
        barrier.wait()
        seen.append(clerk.post(page(sent), data=typed).status_code)

    threads = [threading.Thread(target=each) for each in (by_link, by_paper)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert sorted(map(str, seen)) in (["302", "refused"], ["409", "link"])
    db.rollback()
    assert (
        len(db.scalars(select(EvidenceEvent).where(EvidenceEvent.subject == sent.evidence_subject)).all())
        == 2
    )


def test_a_closed_or_refused_document_takes_no_paper(sent, db):
    use_cases.refuse(
        db, signer(sent, "tutor").id, reason="Non.", authentication=texts.BY_LINK, now=datetime.now(UTC)
    )
    with pytest.raises(Conflict, match="plus ouvert"):
        vouched(db, signer(sent, "host_representative"))


def test_a_host_without_an_address_is_asked_on_paper_only_if_the_school_says_so(seeded, db):
    row = db.scalars(select(Convention).where(Convention.state == "draft")).one()
    host = {**row.data["host"], "representative": {**row.data["host"]["representative"], "email": None}}
    row.data = {**row.data, "host": host}
    send = {"kek": KEK, "base_url": seeded.base_url, "now": datetime.now(UTC)}
    with pytest.raises(DomainError, match="adresse électronique manque"):
        conventions.send(db, row.id, **send)
    conventions.send(db, row.id, on_paper={"host_representative"}, **send)
    request = db.get_one(SignatureRequest, row.request_id)
    office = db.scalars(select(OutgoingMail).where(OutgoingMail.kind == "signing-invitation")).all()
    assert signer(request, "host_representative").email == ""
    assert "" not in {mail.recipient for mail in office}


@pytest.mark.parametrize(
    ("touch", "code"),
    [
        ("update stored_files set content = 'autre' where name like 'papier-%'", "scan-differs"),
        ("update evidence_salts set value = '\"Un autre\"' where name = 'signer'", "signer-differs"),
    ],
)
def test_the_audit_sees_a_scan_or_a_name_that_was_changed(
    touch, code, signed_in, sent, db, postgres, database
):
    signed_in(OFFICE).post(page(sent), data=form(sent))
    with postgres.admin(database.split("?")[0].rsplit("/", 1)[1]) as admin:
        admin.execute(touch)
    db.rollback()
    assert code in {fault.code for fault in audit(db).faults}


@pytest.fixture
def bundle(around):
    """A bundle whose host signed on paper, from the database with its checkpoint; the root's certificate."""
    with around.inside() as session:
        row = session.scalars(select(Convention).where(Convention.state == "draft")).one()
        conventions.send(session, row.id, kek=KEK, base_url=around.settings.base_url, now=around.now)
        request = session.get_one(SignatureRequest, row.request_id)
        account = session.scalar(text("select id from accounts where email = :email"), {"email": OFFICE})
        clerk = Voucher(account, "Chantal Roy", OFFICE, frozenset({Role.SECRETARIAT}))
        vouched(
            session,
            signer(request, "host_representative"),
            voucher=clerk,
            now=around.now,
            scan=rendering("Papier"),
            signed_on=around.now.date(),
        )
        for each in queries.unsigned(session, request):
            electronically(session, each, around.now)
        session.commit()
        identifier = request.id
    around.process.round()
    with around.inside() as session:
        return proof_bundle(session, session.get_one(SignatureRequest, identifier))


def repacked(content, change):
    """The same archive, its members passed through ``change``, as the maker orders and stamps them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            data = change(info.filename, before.read(info))
            if data is not None:
                after.writestr(info, data)
    return out.getvalue()


def judged(content, root):
    return judge_file(content, Held(datetime.now(UTC), trust=(root.certificate_pem.encode(),)))


def scan_name(content):
    return next(name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "papier-" in name)


def test_the_bundle_carries_the_scan_and_tells_of_the_paper(bundle, root, client):
    report = judged(bundle, root)
    assert report.ok, report.failed()
    assert "papier-" in scan_name(bundle)
    _, shown = drop(client, bundle)
    assert "signé sur papier" in shown


@pytest.mark.parametrize("how", ["changed", "taken away"])
def test_a_scan_changed_or_taken_away_is_seen(how, bundle, root):
    name = scan_name(bundle)

    def change(member, data):
        if member != name:
            return data
        return rendering("Faux") if how == "changed" else None

    assert judged(repacked(bundle, lambda _, data: data), root).ok
    report = judged(repacked(bundle, change), root)
    assert not report.ok
