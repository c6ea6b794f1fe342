"""What the tests of evidence share."""

import pytest

from tests.support.logged_school import LoggedSchool


@pytest.fixture
def around(seeded, session_factory, postgres, database, clock):
    return LoggedSchool(seeded, session_factory, postgres, database, clock())
