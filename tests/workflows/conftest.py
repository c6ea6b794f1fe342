"""What the tests of stories share: a convention signed, then amended; one refused at once; two who act at once."""

from datetime import date

import pytest
from sqlalchemy import select

from pfmp_saas.attestations import use_cases as attestations
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.signing import texts
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from pfmp_saas.workflows.exclusions import check_attestable
from tests.support.amending import NOW as AMENDING
from tests.support.amending import signed, signed_convention
from tests.support.clock import NOW
from tests.support.racing import race


@pytest.fixture
def convention(db, seeded):
    row = signed_convention(db, seeded)
    signed(db, seeded, row)
    db.commit()
    return row


@pytest.fixture
def both(db, operator, session_factory):
    """Race two acts of the school; what the test reads afterwards is fresh."""

    def raced(first, second):
        db.commit()
        outcomes = race(operator, session_factory, db.info["tenant"], first, second)
        db.rollback()
        db.expire_all()
        return outcomes

    return raced


@pytest.fixture
def freezing(seeded):
    return {"kek": seeded.key_encryption_key, "base_url": seeded.base_url, "now": AMENDING}


@pytest.fixture
def attest(db, convention, freezing):
    """The act of the host who freezes the attestation, as its page does it."""
    row = db.scalars(select(Attestation).where(Attestation.convention_id == convention.id)).one()
    figures = {"effective_days": 20, "gratification": 0, "place": "Dijon", "today": date(2027, 6, 1)}

    def act(session):
        check_attestable(session, session.get_one(Convention, convention.id))
        attestations.prepare(session, row.id, **figures, **freezing)

    return act


@pytest.fixture
def refused(db, seeded, draft):
    """A convention refused as soon as it was sent: nothing of it was followed yet."""
    react(db, Around(seeded.base_url, NOW))  # what the demonstration left
    row = conventions.send(db, draft.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)
    request = db.get_one(SignatureRequest, row.request_id)
    signing.refuse(db, request.signers[0].id, reason="Non.", authentication=texts.BY_LINK, now=NOW)
    return request
