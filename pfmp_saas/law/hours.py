"""A clock that counts some days only: hours run in local time, uncounted days stand still from 00:00 to 24:00."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SUNDAY = 6


def add_counted_hours(
    known_at: datetime, hours: timedelta, zone: ZoneInfo, uncounted: Callable[[date], bool]
) -> datetime:
    """Return the instant at which ``hours`` counted ones have run since ``known_at`` (aware), in ``zone``.

    Days for which ``uncounted`` is true do not count, from local midnight to local midnight; an event known
    on such a day starts the clock at the next counted midnight. The end of a counted day is the midnight
    that closes it, even when the day after is not counted. What runs is real time: a day on which the clocks
    change has 23 or 25 hours (in France that is a Sunday, which the legal clocks do not count).
    """
    at, left = known_at.astimezone(UTC), hours
    while True:
        day = at.astimezone(zone).date()
        closing = _midnight(day + timedelta(days=1), zone)
        if not uncounted(day):
            if at + left <= closing:
                return (at + left).astimezone(zone)
            left -= closing - at
        at = closing


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
