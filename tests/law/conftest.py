"""What the tests of money share: attested days, a long placement."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from pfmp_saas.attestations.models import Attestation
from pfmp_saas.conventions.models import Convention
from tests.support.clock import NOW


@pytest.fixture
def attested(db):
    """Add a signed convention whose attestation says ``days``; one pupil unless told otherwise."""
    model = db.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()

    def add(end, days, *, pupil="Zoé Lefèvre", class_name="1MV2", state="signed", **changes):
        student = {**model.data["student"], "diploma": "Bac professionnel", "class_name": class_name}
        row = Convention(
            id=uuid.uuid4(), tenant_id=model.tenant_id, number=f"T-{uuid.uuid4().hex[:9]}", state="signed",
            type_slug=changes.get("type_slug", "national-2016"), type_version="1", student_name=pupil,
            host_name="Garage", class_name=class_name, starts_on=date.fromisoformat(end), ends_on=date.fromisoformat(end),
            data={**model.data, "student": student},
        )  # fmt: skip
        db.add(row)
        db.flush()
        db.add(
            Attestation(
                tenant_id=row.tenant_id, convention_id=row.id, state=state, due_on=row.ends_on,
                effective_days=Decimal(days), signed_at=NOW,
            )
        )  # fmt: skip
        db.flush()
        return row

    return add


@pytest.fixture
def long(db):
    """The draft, made nine weeks long for an adult: 63 days of seven hours less the holidays."""
    row = db.scalars(select(Convention).where(Convention.state == "draft")).one()

    def make(**money):
        row.data = {
            **row.data,
            "student": {**row.data["student"], "birth_date": "2007-01-01"},
            "works": [],
            "periods": [{"start": "2027-01-11", "end": "2027-03-12"}],
            "finance": {"gratification": money},
        }
        db.flush()
        return row

    return make
