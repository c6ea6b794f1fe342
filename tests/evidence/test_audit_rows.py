"""Whoever runs the database may edit a row: the audit compares each with the evidence, and names it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.signing import queries
from tests.support.amending import sign_all, signed
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.pages import UAI
from tests.support.papers import GOOD, send

LATER = NOW + timedelta(days=200)


MINE = "where request_id = :request"
TOUCHES = {
    "a signer is said to have signed": (
        (
            "update signers set state = 'signed', signed_at = now(), sealed_at = now(), event_hash = repeat('0', 64) "
            "where id = (select id from signers where state = 'invited' limit 1)"
        ),
        {"signer-state", "document-signatures"},
    ),
    "an act is hidden": (
        f"update signers set state = 'invited' {MINE} and field = 'tutor'",
        {"signer-state"},
    ),
    "a signer vanishes": (
        (
            f"delete from signing_links where signer_id in (select id from signers {MINE}); "
            f"delete from signers {MINE} and field = 'tutor'"
        ),
        {"signer-missing", "document-signatures"},
    ),
    "another name": (f"update signers set name = 'Jean Faux' {MINE} and field = 'head'", {"signer-row"}),
    "another address": (
        f"update signers set email = 'x@y.example' {MINE} and field = 'head'",
        {"signer-row"},
    ),
    "another capacity": (f"update signers set capacity = 'Tuteur' {MINE} and field = 'head'", {"signer-row"}),
    "another day": (
        f"update signers set signed_at = signed_at - interval '1 day' {MINE} and field = 'head'",
        {"signer-row"},
    ),
    "another event": (
        f"update signers set event_hash = repeat('1', 64) {MINE} and field = 'head'",
        {"signer-row"},
    ),
    "a seal is hidden": (
        f"update signers set sealed_at = null {MINE} and field = 'head'",
        {"request-state", "document-signatures"},
    ),
    "another hash": (
        "update signature_requests set frozen_hash = repeat('2', 64) where id = :request",
        {"request-unrecorded", "request-missing", "convention-data"},
    ),
    "another length": (
        "update signature_requests set frozen_length = frozen_length - 1 where id = :request",
        {"document-differs"},
    ),
    "reopened": (
        "update signature_requests set state = 'open' where id = :request",
        {"request-state", "convention-state", "document-finished"},
    ),
    "refused by nobody": (
        "update signature_requests set state = 'refused' where id = :request",
        {"request-state", "convention-state", "document-finished"},
    ),
    "the file's hash": (
        "update stored_files set sha256 = repeat('3', 64) where id = :file",
        {"document-hash"},
    ),
    "a byte of the file": (
        "update stored_files set content = set_byte(content, 5000, get_byte(content, 5000) # 1) where id = :file",
        {"document-differs", "document-hash"},
    ),
    "the last signature stripped": (
        (
            "update stored_files set content = substr(content, 1, length(content) - 3000), "
            "sha256 = encode(sha256(substr(content, 1, length(content) - 3000)), 'hex') where id = :file"
        ),
        {"document-signatures"},
    ),
    "something appended": (
        (
            "update stored_files set content = content || 'x'::bytea, "
            "sha256 = encode(sha256(content || 'x'::bytea), 'hex') where id = :file"
        ),
        {"document-signatures"},
    ),
    "the convention is a draft again": (
        "update conventions set state = 'draft' where id = :convention",
        {"convention-state"},
    ),
    "the convention is refused": (
        "update conventions set state = 'refused' where id = :convention",
        {"convention-state"},
    ),
    "a signature is said to be on paper": (
        f"update signers set manner = 'paper' {MINE} and field = 'head'",
        {"signer-row"},
    ),
    "the convention's data": (
        "update conventions set data = jsonb_set(data, '{tutor,name}', '\"Autre\"') where id = :convention",
        {"convention-data"},
    ),
}


def test_rows_that_nobody_edited_are_good(lived, codes):
    """The control of every edit below: a school in which all of it happened, untouched, has no fault."""
    assert codes() == set()


@pytest.mark.attack
@pytest.mark.parametrize("touch", TOUCHES)
def test_an_edited_row_is_named(touch, db, convention, operator, codes):
    request = queries.get(db, convention.request_id)
    names = {"request": request.id, "file": request.file_id, "convention": convention.id}
    statements, expected = TOUCHES[touch]
    with operator.begin() as connection:
        for statement in statements.split("; "):
            connection.execute(text(statement), {k: v for k, v in names.items() if f":{k}" in statement})
    assert codes() - {"request-row"} == expected


AMENDMENT = {
    "data": ("update amendments set data = before", {"amendment-data"}),
    "before": ("update amendments set before = data", {"amendment-data"}),
    "state": ("update amendments set state = 'withdrawn'", {"amendment-state", "convention-data"}),
    "draft": ("update amendments set state = 'draft'", {"amendment-state", "convention-data"}),
}


@pytest.mark.attack
@pytest.mark.parametrize("touch", AMENDMENT)
def test_an_edited_amendment_is_named(touch, db, seeded, convention, operator, codes):
    signed(db, seeded, convention)
    db.commit()
    statement, expected = AMENDMENT[touch]
    with operator.begin() as connection:
        connection.execute(text(statement))
    assert codes() - {"request-row"} == expected


ATTESTATION = {
    "days": ("update attestations set effective_days = 99", {"attestation-figures"}),
    "euros": ("update attestations set gratification = 5000", {"attestation-figures"}),
    "place": ("update attestations set place = 'Lyon'", {"attestation-figures"}),
    "state": ("update attestations set state = 'sent'", {"attestation-state"}),
    "no document": ("update attestations set request_id = null", {"attestation-state", "row-missing"}),
}


@pytest.mark.attack
@pytest.mark.parametrize("touch", ATTESTATION)
def test_an_edited_attestation_is_named(touch, db, seeded, convention, operator, codes):
    row = attestations.of_convention(db, convention.id)
    at = datetime(2027, 2, 5, 15, tzinfo=UTC)
    request = attestation_use_cases.prepare(
        db, row.id, effective_days=Decimal("19.5"), gratification=Decimal("312.50"), place="Chenôve", reason="Usage",
        today=row.due_on, kek=KEK, base_url=seeded.base_url, now=at,
    )  # fmt: skip
    sign_all(db, seeded, request.id, at)
    db.commit()
    statement, expected = ATTESTATION[touch]
    with operator.begin() as connection:
        connection.execute(text(f"{statement} where id = :row"), {"row": row.id})
    assert codes() - {"request-row"} == expected


PAPER = {
    "voucher": ("update paper_signatures set voucher_name = 'Personne'", {"signer-row"}),
    "day": ("update paper_signatures set signed_on = signed_on - 1", {"signer-row"}),
    "scan": ("update paper_signatures set scan_sha256 = repeat('4', 64)", {"signer-row"}),
    "manner": ("update signers set manner = 'electronic' where manner = 'paper'", {"signer-row"}),
    "gone": ("delete from paper_signatures", {"signer-row"}),
}


@pytest.mark.attack
@pytest.mark.parametrize("touch", PAPER)
def test_an_edited_paper_signature_is_named(touch, db, office, draft, operator, codes):
    conventions.send(db, draft.id, kek=KEK, base_url="http://x", now=NOW)
    db.commit()
    request = queries.get(db, draft.request_id)
    assert send(office, UAI, request, "tutor", GOOD["png"]).status_code == 302
    statement, expected = PAPER[touch]
    with operator.begin() as connection:
        connection.execute(text(statement))
    assert codes() - {"request-row"} == expected
