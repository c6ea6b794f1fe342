"""Giving back the minutes taken away: on the same day, on another of the week, on a free day, then in another week."""

from collections.abc import Iterator
from datetime import date, timedelta

from pfmp_saas.law.checks.case import DAY, Case
from pfmp_saas.law.checks.weekly import SUNDAY
from pfmp_saas.law.presence import Hours, Slot, minutes_of
from pfmp_saas.law.repair import plan as law
from pfmp_saas.law.repair.slots import first_minutes, minus, plus

Plan = dict[date, Hours]
SATURDAY = 5
MOST_TRIES = 100
"""Plans that are judged, at most: beyond, what is left is lost, and the total says so."""


class Giver:
    """Gives minutes back to a plan, one lawful step at a time."""

    def __init__(self, case: Case, before: Plan, plan: Plan) -> None:
        self._case, self._before, self.plan = case, before, dict(plan)
        worked = law.planned(case, plan).worked
        self._school = {day.date: day.school_minutes for day in worked}
        self._tries = MOST_TRIES

    def give(self) -> None:
        """Give back what can be, week after week, then what is left in whatever week has room."""
        mondays = sorted({_monday(day) for day in self.plan})
        weeks = {monday: [day for day in self.plan if _monday(day) == monday] for monday in mondays}
        for days in weeks.values():
            self._move_days(days)
            self._grow(days, self._owed(days))
        left = self._owed(list(self.plan))
        for days in weeks.values():
            left -= self._grow(days, left)

    def _owed(self, days: list[date]) -> int:
        return sum(minutes_of(self._before[day]) - minutes_of(self.plan[day]) for day in days)

    def _move_days(self, days: list[date]) -> None:
        """Move a day's hours that had to go to a free day of its week."""
        for lost in days:
            if not self._before[lost] or self.plan[lost]:
                continue
            for free in sorted(days, key=lambda day: (day.weekday() == SATURDAY, abs(day - lost), day)):
                if (
                    self.plan[free]
                    or self._before[free]
                    or free in self._case.holidays
                    or free.weekday() == SUNDAY
                ):
                    continue
                room = min(self._owed(days), self._room(free))
                if room > 0 and self._try(free, first_minutes(self._before[lost], room)):
                    break

    def _grow(self, days: list[date], owed: int) -> int:
        """Lengthen days until ``owed`` minutes are given back; those that lost some first. Return the minutes given."""
        given = 0
        for day in sorted(days, key=lambda day: (not self._lost(day), day)):
            for _ in range(4):
                gained = self._longer(day, owed - given) if self.plan[day] and owed > given else 0
                if not gained:
                    break
                given += gained
        return given

    def _lost(self, day: date) -> Hours:
        return minus(self._before[day], self.plan[day])

    def _longer(self, day: date, owed: int) -> int:
        room, had = min(owed, self._room(day)), minutes_of(self.plan[day])
        if room <= 0:
            return 0
        for more in sorted(self._places(day, room), key=lambda place: -place.minutes):
            if self._try(day, plus(self.plan[day], more)):
                return minutes_of(self.plan[day]) - had
        return 0

    def _places(self, day: date, room: int) -> Iterator[Slot]:
        """Yield where a day may be longer: where it was, at its end, after a break, at its beginning."""
        hours, (least, most) = self.plan[day], self._bounds(day)
        work, pause = law.unbroken_limits(self._case, day) or (DAY, 0)
        for lost in self._lost(day):
            yield Slot(lost.start, lost.start + min(room, lost.minutes))
            yield Slot(lost.end - min(room, lost.minutes), lost.end)
        ends, starts = hours[-1].end, hours[0].start
        yield from _stretch(ends, min(ends + min(room, work - hours[-1].minutes), most))
        yield from _stretch(ends + pause, min(ends + pause + min(room, work), most))
        yield from _stretch(max(starts - min(room, work - hours[0].minutes), least), starts)
        yield from _stretch(max(starts - pause - min(room, work), least), starts - pause)

    def _bounds(self, day: date) -> tuple[int, int]:
        """Return between which minutes a day may stand for the night and for the rest around it."""
        opens, closes = law.open_hours(self._case, day)
        before, after = (self.plan.get(day + timedelta(days=step), ()) for step in (-1, 1))
        if before:
            opens = max(opens, before[-1].end + law.rest_due(self._case, day) - DAY)
        if after:
            closes = min(closes, after[0].start + DAY - law.rest_due(self._case, day))
        return opens, closes

    def _room(self, day: date) -> int:
        """Return the minutes that a day may still take, by its own limit and its week's."""
        monday = _monday(day)
        week = [each for each in (monday + timedelta(days=step) for step in range(7)) if each in self.plan]
        in_week = law.week_limit(self._case, day) - sum(map(self._counted, week))
        return min(law.day_limit(self._case, day) - self._counted(day), in_week)

    def _counted(self, day: date) -> int:
        return minutes_of(self.plan[day]) + self._school.get(day, 0)

    def _try(self, day: date, hours: Hours) -> bool:
        """Take these hours where they are lawful."""
        tried = self.plan | {day: hours}
        self._tries -= 1
        if self._tries < 0 or not law.lawful_around(self._case, tried, day):
            return False
        self.plan = tried
        return True


def _stretch(start: int, end: int) -> Iterator[Slot]:
    if 0 <= start < end <= DAY:
        yield Slot(start, end)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
