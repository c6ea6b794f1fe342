"""How long a signer may oppose that a signature given on an earlier version is carried over. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pfmp_saas.evidence.events import OBJECTION_DAYS


def last_day_to_object(told_at: datetime, zone: ZoneInfo) -> date:
    """Return the last local day on which a signer told at ``told_at`` (UTC) may object: the sixth, so that five are whole."""
    return told_at.astimezone(zone).date() + timedelta(days=OBJECTION_DAYS)


def after(last: date, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which a local day is over."""
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
