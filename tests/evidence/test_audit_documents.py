"""Whoever runs the database may seal another file or drop one: the audit compares each with the evidence, and names it."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from pfmp_saas.conventions.models import Convention
from pfmp_saas.documents.sealing.authority import SignerIdentity, issue_seal, issue_signer
from pfmp_saas.documents.sealing.drawn import Appearance
from pfmp_saas.documents.sealing.names import EVENT_REASON
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.sign import sign_field
from pfmp_saas.documents.sealing.values import FieldPlace, Subject
from pfmp_saas.evidence.erasure import erase
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.use_cases import authority
from pfmp_saas.evidence.verify import ReaderInput, judge_pdf
from pfmp_saas.signing import queries
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.tenants.queries import by_uai
from tests.support.amending import signed
from tests.support.browser import TOP
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.pages import UAI
from tests.support.sealed_pdf import rendering

LATER = NOW + timedelta(days=200)


def _forged(db, request):
    """Another document, certified and sealed with the school's own keys, each seal naming the true act."""
    now, issuer = NOW, authority(db, KEK)
    school = by_uai(db, UAI)
    places = [
        FieldPlace(signer.field, 0, (50, 60 + 60 * rank, 200, 110 + 60 * rank), signer.capacity)
        for rank, signer in enumerate(request.signers)
    ]
    about = Subject(school.uai, school.name, request.evidence_subject, request.subject_kind, school.timezone)
    pdf = certify(
        rendering("Une autre convention"),
        places,
        issue_seal(issuer, school.name, school.uai, now),
        about,
        now=now,
    )
    length = len(pdf)
    for signer in request.signers:
        who = SignerIdentity(signer.name, signer.capacity, school.name, school.uai, signer.email)
        when = now.astimezone(ZoneInfo(school.timezone)).strftime("%d/%m/%Y à %H:%M")
        look = Appearance(signer.name, signer.capacity, when, signer.event_hash[:16])
        reason = EVENT_REASON + signer.event_hash
        pdf = sign_field(
            pdf, signer.field, issue_signer(issuer, who, now), now=now, appearance=look, reason=reason
        )
    return pdf, length


@pytest.mark.attack
def test_a_document_sealed_again_with_the_school_s_keys_is_named(db, convention, operator, codes, root):
    """The operator holds the database and every key: the forged PDF passes by itself, and not beside the evidence."""
    request = queries.get(db, convention.request_id)
    pdf, length = _forged(db, request)
    assert judge_pdf(pdf, ReaderInput(LATER, trust=(root.certificate_pem.encode(),), expect=5)).ok
    with operator.begin() as connection:
        connection.execute(
            text("update stored_files set content = :pdf, sha256 = :sha where id = :file"),
            {"pdf": pdf, "sha": hashlib.sha256(pdf).hexdigest(), "file": request.file_id},
        )
    assert codes() == {"document-differs"}
    frozen = hashlib.sha256(pdf[:length]).hexdigest()
    with operator.begin() as connection:
        connection.execute(
            text(
                "update signature_requests set frozen_hash = :sha, frozen_length = :length where id = :request"
            ),
            {"sha": frozen, "length": length, "request": request.id},
        )
    assert codes() == {"request-unrecorded", "request-missing", "convention-data"}


@pytest.mark.attack
def test_a_file_sealed_again_alike_is_not_the_one_that_was_finished(db, convention, operator, codes, root):
    """Its last act sealed once more, by the school's own key and for the same event: only the log knows the first file."""
    request = queries.get(db, convention.request_id)
    finished, last = queries.document(db, request), request.signers[-1]
    before = finished[: finished.rfind(b"%%EOF\n", 0, -10) + 6]
    school, at = by_uai(db, UAI), last.sealed_at
    who = SignerIdentity(last.name, last.capacity, school.name, school.uai, last.email)
    when = last.signed_at.astimezone(ZoneInfo(school.timezone)).strftime("%d/%m/%Y à %H:%M")
    look = Appearance(last.name, last.capacity, when, last.event_hash[:16])
    key = issue_signer(authority(db, KEK), who, at)
    pdf = sign_field(before, last.field, key, now=at, appearance=look, reason=EVENT_REASON + last.event_hash)
    assert judge_pdf(pdf, ReaderInput(LATER, trust=(root.certificate_pem.encode(),), expect=5)).ok
    with operator.begin() as connection:
        values = {"pdf": pdf, "sha": hashlib.sha256(pdf).hexdigest(), "file": request.file_id}
        connection.execute(
            text("update stored_files set content = :pdf, sha256 = :sha where id = :file"), values
        )
    assert codes() == {"document-finished"}


@pytest.mark.attack
def test_a_request_that_vanished_is_named(db, convention, operator, codes):
    with operator.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))
        values = {"request": convention.request_id}
        connection.execute(text("delete from signature_requests where id = :request"), values)
    assert codes() == {"request-missing", "convention-state"}


def test_without_a_root_what_it_vouches_for_is_not_judged(convention, codes):
    assert codes(trust=()) == set()


@pytest.mark.attack
def test_an_amended_convention_is_held_to_its_last_amendment(db, seeded, convention, operator, codes):
    row = signed(db, seeded, convention)
    db.commit()
    assert codes() == set()
    with operator.begin() as connection:
        connection.execute(
            text(
                "update conventions set data = a.before from amendments a where a.convention_id = conventions.id"
            )
        )
    assert codes() == {"convention-data"}
    assert row.rank == 1


def test_an_erased_person_is_no_fault(db, convention, codes):
    assert erase(db, "k.benali@garage-ducs.example", LATER)
    db.commit()
    assert codes() == set()
    assert audit(db, NOW).faults == ()


@pytest.mark.real_processes
def test_the_command_tells_it(db, convention, operator, settings):
    env = {
        **os.environ,
        "PFMP_DATABASE_URL": settings.database_url,
        "PFMP_TRUST_ROOT": str(settings.trust_root),
    }
    command = [sys.executable, "-m", "pfmp_saas.cli.main", "audit", "--tenant", UAI]

    def told():
        return subprocess.run(command, cwd=TOP, env=env, capture_output=True, text=True, check=False)

    clean = told()
    assert (clean.returncode, "aucune anomalie" in clean.stdout) == (0, True), clean.stdout + clean.stderr
    with operator.begin() as connection:
        connection.execute(
            text("update signers set name = 'Jean Faux' where request_id = :request and field = 'head'"),
            {"request": convention.request_id},
        )
    found = told()
    assert found.returncode == 1
    assert "Chef d’établissement : le nom ou l’adresse a changé (signer-row)" in found.stdout


def test_every_convention_of_the_demonstration_is_whole(db, codes):
    assert db.scalars(select(SignatureRequest)).all()
    assert db.scalars(select(Convention)).all()
    assert codes() == set()
