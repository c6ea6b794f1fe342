"""The year that is lived: who is placed when, who answers when, what happens. Nothing here asks the product."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SCHOOLS = ("0211033J", "0700827U", "0090015T")
PARIS = ZoneInfo("Europe/Paris")
OPENS, CLOSES = datetime(2026, 9, 28, 6, tzinfo=PARIS), datetime(2027, 7, 30, 20, tzinfo=PARIS)
CLASS = 25
_AUTUMN, _SPRING = date(2026, 11, 9), date(2027, 3, 8)
_WEEKS = 3
FIVE = ("head", "host_representative", "student", "referent", "tutor")


@dataclass(frozen=True)
class Hurt:
    """An accident: when it happened and was known, when it was recorded, how long after that it was declared."""

    occurred: datetime
    recorded: datetime
    declared: datetime
    territory: str

    @property
    def known(self) -> datetime:
        """Return when the declarant knew: ten minutes later."""
        return self.occurred + timedelta(minutes=10)


@dataclass(frozen=True)
class Placement:
    """One placement of the year. Delays are whole days, answered at two in the afternoon, local time."""

    number: int
    school: int
    class_name: str
    pupil: int
    minor: bool
    start: date
    end: date
    delays: tuple[int, int, int, int, int]
    attested_after: int
    absences: int
    contact_on: date
    visit_on: date
    moved_to: date | None = None
    nature: str = ""
    hurt: Hurt | None = None

    @property
    def sent(self) -> datetime:
        """Return when the convention left: 35 days before, at ten."""
        return datetime.combine(self.start - timedelta(days=35), time(10), PARIS)

    def signed(self, rank: int) -> datetime:
        """Return when the signer of this rank signed."""
        return datetime.combine(self.sent.date() + timedelta(days=self.delays[rank]), time(14, rank), PARIS)

    @property
    def complete(self) -> datetime:
        """Return when the last of the five signed."""
        return max(self.signed(rank) for rank in range(len(FIVE)))

    @property
    def amended(self) -> datetime:
        """Return when its amendment was sent and signed: a Tuesday at eleven, in the second week."""
        return datetime.combine(self.start + timedelta(days=8), time(11), PARIS)

    @property
    def last(self) -> date:
        """Return the last day in force."""
        return self.moved_to or self.end

    @property
    def attested(self) -> datetime:
        """Return when the host prepared and signed the attestation."""
        return datetime.combine(self.last + timedelta(days=self.attested_after), time(17), PARIS)

    def address(self, who: str) -> str:
        """Return the address of one of its people: each placement has its own host and tutor, each pupil his or her own."""
        one = f"{self.school}-{self.pupil}" if who in ("eleve", "parent") else str(self.number)
        return f"{who}{one}@annee.example"


def year(pupils: int) -> list[Placement]:
    """Return the placements of a year in three schools of ``pupils`` pupils, two a pupil, and all that befalls them."""
    found: list[Placement] = []
    for school in range(len(SCHOOLS)):
        for pupil in range(pupils):
            for first in (_AUTUMN, _SPRING):
                found.append(_placement(len(found), school, pupil, first))
    return list(_befallen(found))


def _placement(number: int, school: int, pupil: int, first: date) -> Placement:
    rank = pupil // CLASS
    start = first + timedelta(weeks=rank)
    end = start + timedelta(weeks=_WEEKS - 1, days=4)
    return Placement(
        number=number,
        school=school,
        class_name=f"AN{rank + 1}",
        pupil=pupil,
        minor=pupil % 3 != 0,
        start=start,
        end=end,
        delays=(1, 2 + number % 15, 1 + number % 9, 2, 3 + number % 13),
        attested_after=number % 9,
        absences=0,
        contact_on=start + timedelta(days=1 + number % 8),
        visit_on=end - timedelta(days=number % 10),
    )


def _befallen(placements: list[Placement]) -> Iterator[Placement]:
    """Give the year its 12 accidents, 40 absences, 15 amendments, 9 of which end a placement early, spread evenly."""
    size = len(placements)
    hurt = {size * rank // 12: rank for rank in range(12)}
    absent = {(size * rank // 40 + 1) % size for rank in range(40)}
    amended = {(size * rank // 24 + 2) % size: rank for rank in range(24)}
    for placement in placements:
        changes: dict[str, object] = {}
        if placement.number in absent:
            changes["absences"] = 1 + placement.number % 3
        if placement.number in amended:
            changes |= _amendment(placement, early=amended[placement.number] % 24 < 9)
        if placement.number in hurt:
            changes["hurt"] = _accident(placement, hurt[placement.number])
        yield Placement(**{**placement.__dict__, **changes})


def _amendment(placement: Placement, *, early: bool) -> dict[str, object]:
    """Return the changes of an amendment: an early end on the Friday of the second week, or a week more."""
    end = placement.start + timedelta(days=11) if early else placement.end + timedelta(weeks=1)
    nature = "early-end" if early else "change"
    return {"moved_to": end, "nature": nature, "visit_on": end - timedelta(days=placement.number % 3)}


_TERRITORIES = ("21", "974", "972", "67")


def _accident(placement: Placement, rank: int) -> Hurt:
    """Return the accident ``rank`` of the year: a Thursday or a Friday afternoon; every third is recorded too late."""
    day = placement.start + timedelta(days=3 + rank % 2)
    occurred = datetime.combine(day, time(15, 30), PARIS)
    late = rank % 3 == 2
    recorded = occurred + (timedelta(days=6) if late else timedelta(minutes=30))
    territory = _TERRITORIES[rank % 4] if placement.school == 0 else ("70", "09")[placement.school - 1]
    return Hurt(occurred, recorded, recorded + timedelta(hours=7 + 11 * (rank % 4)), territory)
