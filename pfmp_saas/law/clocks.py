"""The legal clocks: pure functions from what is known to the instant by which it must be done."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from pfmp_saas.core.years import anniversary
from pfmp_saas.law.calendars import public_holidays
from pfmp_saas.law.hours import SUNDAY, add_counted_hours
from pfmp_saas.law.territories import Territory
from pfmp_saas.law.territories import territory as find

AccidentRegime = Literal["general", "agricultural"]
HostRegime = Literal["general", "msa"]
Declarant = Literal["host", "school"]
Recipient = Literal["CPAM", "MSA", "CAAA", "CGSS"]

DECLARATION = timedelta(hours=48)  # social-security code R441-3; agricultural model, article 15
INFORMATION = timedelta(hours=24)  # agricultural model, article 15
INFORMATION_ABROAD = timedelta(hours=48)  # the same


@dataclass(frozen=True)
class AccidentClock:
    """Who declares an accident, to whom, and by when; instants are local to ``timezone``."""

    declarant: Declarant
    recipient: Recipient
    timezone: str
    deadline: datetime
    inform_school_by: datetime | None


def accident_deadline(
    *,
    regime: AccidentRegime,
    territory: str,
    known_at: datetime,
    occurred_at: datetime | None = None,
    host_regime: HostRegime = "general",
    commune_good_friday: bool = False,
    abroad: bool = False,
    paid_above_exempt: bool = False,
    abolition_day: str | None = None,
) -> AccidentClock:
    """Return who declares an accident, to whom, and by when: 48 h without Sundays and public holidays, from ``known_at``.

    ``territory`` is the declarant's department or collectivity, ``known_at`` (aware) when the declarant
    knew: the host in the general regime, the school in the agricultural one, where the host must also inform
    the school within 24 h of ``occurred_at``, 48 h ``abroad``, no day left out. A pupil of the agricultural
    regime ``paid_above_exempt`` gratification makes the host the declarant. ``abolition_day`` ("MM-DD")
    settles Saint-Martin's day; unset, the earlier deadline is given.
    Sources: social-security code R412-4, R441-3; rural code D751-3; agricultural model, article 15.
    Raises UnknownTerritory.
    """
    place = find(territory)
    by_school = regime == "agricultural" and not paid_above_exempt
    choices = (abolition_day,) if abolition_day else place.abolition or (None,)
    deadline = min(_declaration(known_at, place, commune_good_friday, choice) for choice in choices)
    informed = None
    if regime == "agricultural" and occurred_at is not None:
        allowed = INFORMATION_ABROAD if abroad else INFORMATION
        informed = (occurred_at.astimezone(UTC) + allowed).astimezone(place.zone)
    return AccidentClock(
        declarant="school" if by_school else "host",
        recipient=_recipient(place, agricultural=regime == "agricultural", msa=host_regime == "msa"),
        timezone=place.timezone,
        deadline=deadline,
        inform_school_by=informed,
    )


def _declaration(known_at: datetime, place: Territory, good_friday: bool, abolition: str | None) -> datetime:
    def uncounted(day: date) -> bool:
        return day.weekday() == SUNDAY or day in public_holidays(
            day.year, place.code, commune_good_friday=good_friday, abolition_day=abolition
        )

    return add_counted_hours(known_at, DECLARATION, place.zone, uncounted)


def _recipient(place: Territory, *, agricultural: bool, msa: bool) -> Recipient:
    if place.overseas:  # the CGSS does there what the CPAM and the MSA do elsewhere
        return "CGSS"
    if agricultural:
        return "CAAA" if place.alsace_moselle else "MSA"
    return "MSA" if msa else "CPAM"


def derogation_valid_until(sent_on: date) -> date:
    """Return the last day of the host's declaration for regulated works: three years from sending (R4153-44)."""
    return anniversary(sent_on, 3)


def medical_opinion_valid_until(given_on: date) -> date:
    """Return the last day of the yearly medical opinion (R4153-40)."""
    return anniversary(given_on, 1)


RENEWAL = timedelta(days=31)
_RENEWAL_NOTICES = (30, 7)  # days before


def first_contact_due(first: date, last: date) -> date:
    """Return the last day of the first part of a placement, for the referent's first contact (Lycée Pyrène, article 18).

    No text says how long that part is: a third of the days, rounded up, which errs early. L124-1 asks the
    referent to make sure several times, and the other models leave the moment to the pedagogical annex.
    """
    days = (last - first).days + 1
    return first + timedelta(days=-(-days // 3) - 1)


def visit_due(_first: date, last: date) -> date:
    """Return the last day for the meeting of referent, pupil and tutor: that of the placement (L124-1; Pyrène, article 18)."""
    return last


def renewal_reminders(until: date, first: date, last: date) -> tuple[date, ...]:
    """Return the days on which to warn that a validity lapses: a month and a week before ``until``, its last day.

    Nothing when it ends before the placement's ``first`` day, or more than a month after its ``last``.
    """
    if not first <= until <= last + RENEWAL:
        return ()
    return tuple(until - timedelta(days=days) for days in _RENEWAL_NOTICES)


LAST_CALLS = (timedelta(hours=6), timedelta(hours=2))
"""Before the end of an accident's time, once more."""
_MORNING, _APART = time(8), timedelta(hours=6)


def accident_reminders(recorded_at: datetime, deadline: datetime) -> tuple[datetime, ...]:
    """Return when to remind of a declaration, in UTC: at half time, six and two hours before the end, at the end.

    Only what lies after ``recorded_at``: nothing of an accident recorded once its time has passed. Whoever records it
    tells at once, and :func:`next_morning` goes on from the end, day after day.
    """
    half = recorded_at + (deadline - recorded_at) / 2
    wanted = {half, *(deadline - delay for delay in LAST_CALLS), deadline}
    return tuple(sorted(each.astimezone(UTC) for each in wanted if recorded_at < each <= deadline))


def next_morning(after: datetime, zone: tzinfo) -> datetime:
    """Return the first eight o'clock of a zone that lies six hours at least after an instant, in UTC."""
    earliest = after + _APART
    local = earliest.astimezone(zone)
    morning = datetime.combine(local.date(), _MORNING, zone)
    if morning.astimezone(UTC) < earliest:
        morning = datetime.combine(local.date() + timedelta(days=1), _MORNING, zone)
    return morning.astimezone(UTC)
