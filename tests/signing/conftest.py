"""What the tests of signing share: the demonstration’s draft, sent in three manners."""

import pytest
from sqlalchemy import select

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.types.revisions import edits
from tests.support.acts import sign
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.ordering import ORDER, bound
from tests.support.pages import UAI


@pytest.fixture
def half_on_paper(db, draft, seeded):
    """The request of the sent draft, whose host's representative has no address."""
    host = {**draft.data["host"], "representative": {"name": "Karim Benali", "function": "Gérant"}}
    conventions.save(db, draft.id, {"host": host})
    conventions.send(
        db, draft.id, kek=KEK, base_url=seeded.base_url, now=NOW, on_paper=["host_representative"]
    )
    db.commit()
    return db.get_one(SignatureRequest, draft.request_id)


@pytest.fixture
def in_order(seeded, session_factory):
    with session_factory.begin() as session:
        draft, row = bound(session, edits.signing(ORDER))
        conventions.send(session, draft.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)
        return draft.tenant_id, draft.request_id, draft.id, row.digest


@pytest.fixture
def sent(seeded, session_factory):
    """The demonstration's draft, sent: (tenant id, request id, convention id)."""
    with session_factory.begin() as session:
        tenant = by_uai(session, UAI).id
        enter_tenant(session, tenant)
        row = session.scalars(select(Convention).where(Convention.state == "draft")).one()
        conventions.send(session, row.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)
        return tenant, row.request_id, row.id


@pytest.fixture
def four_signed(ceremony, db):
    """A convention that four have signed, the tutor not: the request, and a link of the host's representative."""
    request = db.get_one(Signer, ceremony[3]).request
    former = {signer.field: signer for signer in request.signers}
    link = new_link(db, former["host_representative"], NOW)
    for field in ("head", "host_representative", "student", "referent"):
        sign(db, former[field], request.frozen_hash)
    db.commit()
    return request, link


@pytest.fixture
def two_capacities(db, draft, seeded):
    """A convention whose tutor represents the host: the request, the two signers, a link of the first."""
    host = draft.data["host"]
    tutor = {**draft.data["tutor"], **{name: host["representative"][name] for name in ("name", "email")}}
    conventions.save(db, draft.id, {"tutor": tutor})
    conventions.send(db, draft.id, kek=KEK, base_url=seeded.base_url, now=NOW)
    request = db.get_one(SignatureRequest, draft.request_id)
    two = {each.field: each for each in request.signers if each.field in ("tutor", "host_representative")}
    token = new_link(db, two["host_representative"], NOW)
    db.commit()
    return request, two, token


@pytest.fixture
def with_code(ceremony, db):
    """A link of the tutor at a school that asks for a code, and what a browser sends with consent."""
    signer = db.get_one(Signer, ceremony[3])
    tenants.settings(db).signing_code = True
    token = new_link(db, signer, NOW)
    db.commit()
    return signer, f"/signer/{token}", {"shown_hash": signer.request.frozen_hash, "consent": "oui"}
