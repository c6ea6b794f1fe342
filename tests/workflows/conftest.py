"""What the tests of stories share: a convention signed, then amended."""

import pytest

from tests.support.amending import signed, signed_convention


@pytest.fixture
def convention(db, seeded):
    row = signed_convention(db, seeded)
    signed(db, seeded, row)
    db.commit()
    return row
