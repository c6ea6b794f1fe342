"""The clock of the tests: it stands still, at an instant that ``make test-hours`` changes."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime.fromisoformat(os.environ.get("PFMP_TEST_NOW", "2026-11-24T09:30:00+00:00"))
"""The present of every test, aware, in UTC. Tests of real processes alone (``real_processes``) read the machine's."""
TODAY = NOW.astimezone(PARIS).date()
"""The day that it is at a school of mainland France."""


def still() -> datetime:
    """Return the present of the tests."""
    return NOW
