"""What is kept of a signature on paper: the scan, its hash, who signed; the audit sees each of them touched."""

import hashlib

import pytest
from sqlalchemy import select

from pfmp_saas.core.storage import load
from pfmp_saas.evidence.erasure import erase
from pfmp_saas.evidence.models import EvidenceSalt
from pfmp_saas.evidence.queries import audit
from pfmp_saas.signing import queries
from tests.support.clock import NOW
from tests.support.databases import database_name
from tests.support.pages import UAI
from tests.support.papers import HOST, fresh, send, signer_of

TOUCHES = {
    "the scan replaced": ("update stored_files set content = 'autre' where id = '{scan}'", "scan-differs"),
    "the scan gone": ("update paper_signatures set scan_id = (select id from stored_files where id <> '{scan}' limit 1); delete from stored_files where id = '{scan}'", "scan-missing"),
    "another signer": ("update evidence_salts set value = 'Un autre <>' where name = 'signer'", "signer-differs"),
    "the signer gone": ("delete from evidence_salts where name = 'signer'", "signer-missing"),
}  # fmt: skip


@pytest.mark.attack
@pytest.mark.parametrize("touch", TOUCHES)
def test_the_audit_sees_a_paper_touched(touch, db, office, half_on_paper, postgres, database):
    send(office, UAI, half_on_paper, HOST)
    request = fresh(db, half_on_paper)
    scan = signer_of(db, request, HOST).paper.scan_id
    assert audit(db, NOW).faults == ()
    db.rollback()
    statement, code = TOUCHES[touch]
    with postgres.admin(database_name(database)) as connection:
        connection.execute(statement.format(scan=scan))
    assert {fault.code for fault in audit(db, NOW).faults} == {code}


def test_who_signed_on_paper_can_be_erased(db, office, half_on_paper):
    guardian = signer_of(db, half_on_paper, "student").email
    send(office, UAI, half_on_paper, "student")
    db.rollback()
    assert (
        db.scalars(select(EvidenceSalt).where(EvidenceSalt.name == "signer"))
        .one()
        .value.endswith(f"<{guardian}>")
    )
    assert erase(db, guardian, NOW) == 1
    assert db.scalars(select(EvidenceSalt).where(EvidenceSalt.name == "signer")).one().value is None
    assert audit(db, NOW).faults == ()


def test_the_scan_is_stored_with_its_kind_and_the_document_keeps_its_frozen_bytes(db, office, half_on_paper):
    send(office, UAI, half_on_paper, HOST)
    request = fresh(db, half_on_paper)
    file = load(db, signer_of(db, request, HOST).paper.scan_id)
    assert (file.media_type, file.name) == ("image/png", "papier-2.png")
    frozen = queries.frozen_document(db, request)
    assert hashlib.sha256(frozen).hexdigest() == request.frozen_hash
    assert len(queries.document(db, request)) > len(frozen)
