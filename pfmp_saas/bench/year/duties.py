"""What must be written to whom and when in the year, reckoned apart from the product, from the law and the plan alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pfmp_saas.bench.year.plan import FIVE, PARIS, Placement

Duty = tuple[str, int, str, datetime]
"""A kind of mail, the number of a placement, an address, the instant (UTC)."""
HOLIDAYS = {
    *(date(2026, 11, day) for day in (1, 11)),
    date(2026, 12, 25),
    date(2027, 1, 1),
    date(2027, 3, 29),
    *(date(2027, 5, day) for day in (1, 6, 8, 17)),
    date(2027, 7, 14),
}
_OWN = {
    "67": {date(2026, 12, 26), date(2027, 3, 26)},
    "974": {date(2026, 12, 20)},
    "972": {date(2027, 5, 22)},
}
_ZONES = {"974": ZoneInfo("Indian/Reunion"), "972": ZoneInfo("America/Martinique")}
MORNING, AFTERNOON = time(8), time(16)
COPIED_WITHIN = timedelta(minutes=20)


@dataclass(frozen=True)
class Staff:
    """A school's people who are written to: the head, the referent of each placement, the office with the head."""

    head: str
    office: tuple[str, ...]
    school_declares: bool
    referents: tuple[str, ...]

    def referent(self, placement: Placement) -> str:
        """Return the referent teacher of a placement."""
        return self.referents[placement.pupil % len(self.referents)]


def duties(placements: Iterable[Placement], staff: Iterable[Staff]) -> Counter[Duty]:
    """Return every duty of the year, once each."""
    schools = list(staff)
    return Counter(
        (kind, placement.number, who, at.astimezone(PARIS))
        for placement in placements
        for kind, who, at in _of(placement, schools[placement.school])
    )


def _of(placement: Placement, staff: Staff) -> Iterator[tuple[str, str, datetime]]:
    yield from _signatures(placement, staff)
    yield from _last_day(placement)
    yield from _referent(placement, staff)
    if placement.hurt:
        yield from _accident(placement, staff)


def parties(placement: Placement, staff: Staff) -> dict[str, str]:
    """Return the address of each party; a minor's guardian signs, and both are written to."""
    people = {
        "head": staff.head,
        "host_representative": placement.address("direction"),
        "student": placement.address("eleve"),
        "referent": staff.referent(placement),
        "tutor": placement.address("tuteur"),
    }
    return people | ({"guardian": placement.address("parent")} if placement.minor else {})


def _signatures(placement: Placement, staff: Staff) -> Iterator[tuple[str, str, datetime]]:
    """Three, seven and fourteen days after the sending, whoever has not signed."""
    people = parties(placement, staff)
    for rank, field in enumerate(FIVE):
        who = people["guardian"] if field == "student" and placement.minor else people[field]
        for days in (3, 7, 14):
            at = _on(placement.sent.date() + timedelta(days=days), MORNING)
            if at < placement.signed(rank):
                yield "unsigned-convention", who, at


def _last_day(placement: Placement) -> Iterator[tuple[str, str, datetime]]:
    """The host is asked for the attestation on the last day and one, three, seven days later; the pupil is asked too."""
    for days in (0, 1, 3, 7):
        at = _on(placement.last + timedelta(days=days), MORNING)
        if at < placement.attested:
            yield "attestation", placement.address("direction"), at
    yield "evaluation", placement.address("eleve"), _on(placement.last, AFTERNOON)


def _referent(placement: Placement, staff: Staff) -> Iterator[tuple[str, str, datetime]]:
    """The first contact falls due at a third of the placement, the visit on its last day."""
    who, noted = staff.referent(placement), (placement.contact_on, placement.visit_on)
    for kind, done, days in zip(("contact", "visit"), noted, ((-2, 0, 2), (-7, -2, 0)), strict=True):
        until = _on(done, time(12))
        for end, since, over in _ends(placement):
            due = _third(placement.start, end) if kind == "contact" else end
            for shift in days:
                at = _on(due + timedelta(days=shift), MORNING)
                if since < at < min(until, over):
                    yield f"followup-{kind}", who, at


def _ends(placement: Placement) -> Iterator[tuple[date, datetime, datetime]]:
    """Yield each last day that was in force, with the instants between which it was."""
    for_ever = _on(date(2028, 1, 1), MORNING)
    if placement.moved_to is None:
        yield placement.end, placement.complete, for_ever
    else:
        yield placement.end, placement.complete, placement.amended
        yield placement.moved_to, placement.amended, for_ever


def _third(first: date, last: date) -> date:
    days = (last - first).days + 1
    return first + timedelta(days=(days + 2) // 3 - 1)


def _accident(placement: Placement, staff: Staff) -> Iterator[tuple[str, str, datetime]]:
    """All are told at once; declarant, head and office are reminded until it is declared, daily once the time has passed."""
    hurt = placement.hurt
    assert hurt is not None
    people = parties(placement, staff)
    host = people["host_representative"]
    warned = (*staff.office, *(() if staff.school_declares else (host,)))
    for who in {*staff.office, host}:
        yield "accident", who, hurt.recorded
    for role in ("tutor", "referent", "student", "guardian"):
        if role in people and people[role] not in {*staff.office, host}:
            yield "accident-told", people[role], hurt.recorded
    end, zone = deadline(hurt.known, hurt.territory), _ZONES.get(hurt.territory, PARIS)
    half = hurt.recorded + (end - hurt.recorded) / 2
    calls = {half, end - timedelta(hours=6), end - timedelta(hours=2), end}
    reminded = {at for at in calls if hurt.recorded < at <= end}
    reminded |= set(_daily(max(end, hurt.recorded), hurt.declared, zone))
    for at in reminded:
        if at < hurt.declared:
            yield from (("accident", who, at) for who in warned)


def _daily(after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the mornings at eight, six hours at least after an instant, each from the one before."""
    while after < until:
        earliest = (after + timedelta(hours=6)).astimezone(zone)
        morning = datetime.combine(earliest.date(), MORNING, zone)
        after = (
            morning
            if morning >= earliest
            else datetime.combine(earliest.date() + timedelta(days=1), MORNING, zone)
        )
        yield after


def deadline(known: datetime, territory: str) -> datetime:
    """Return the end of 48 hours without Sundays and public holidays, counted minute by minute at the declarant's place."""
    zone = _ZONES.get(territory, PARIS)
    here, left = known.astimezone(zone), 48 * 60
    off = HOLIDAYS | _OWN.get(territory, set())
    while left:
        here = (here.astimezone(ZoneInfo("UTC")) + timedelta(minutes=1)).astimezone(zone)
        before = here - timedelta(seconds=1)
        left -= not (before.weekday() == 6 or before.date() in off)
    return here


def attested_days(placement: Placement) -> int:
    """Return the days of presence: Mondays to Fridays of seven hours, public holidays and absences apart (D124-6)."""
    days = (placement.last - placement.start).days + 1
    dates = (placement.start + timedelta(days=each) for each in range(days))
    return sum(day.weekday() < 5 and day not in HOLIDAYS for day in dates) - placement.absences


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, PARIS)
