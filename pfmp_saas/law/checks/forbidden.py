"""Times at which a pupil may not be present: night, Sunday, public holidays."""

from collections.abc import Iterator

from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import DAY, Case, WorkedDay
from pfmp_saas.law.checks.model import LABOUR_CODE, Found, rule
from pfmp_saas.law.checks.weekly import SUNDAY
from pfmp_saas.law.presence import Slot

MORNING = 6 * 60
CHILD_EVENING, EVENING = 20 * 60, 22 * 60


@rule(
    "night",
    source="code du travail, art. L. 3163-1 et L. 3163-2",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_night_begins_at_twenty_under_sixteen_and_at_twenty_two_from_sixteen",
)
def minor_night(case: Case) -> Iterator[Found]:
    """Never at night under eighteen: 20:00 to 06:00 under sixteen, 22:00 to 06:00 at sixteen and seventeen."""
    for day in case.present:
        evening = CHILD_EVENING if day.age is not None and day.age < 16 else EVENING
        if day.minor:
            ban = f"interdite de {words.duration(evening)} à 6{words.NBSP}h"
            yield from (
                Found(day.where, f"{_presence(day, slot)} ; {ban}", kind=ban, day=day.date)
                for slot in _night(day, evening)
            )


@rule(
    "night",
    source="code de l’éducation, art. D. 124-4 (6°)",
    since=LABOUR_CODE,
    topic="adult-night",
    test="test_adult_night_needs_the_head_to_name_the_pupil",
)
def adult_night(case: Case) -> Iterator[Found]:
    """From eighteen, in the national model: at night only a pupil whom the head of school names."""
    if not case.profile.night_needs_naming or "presence.night" in case.facts.filled:
        return
    named = "seul un élève majeur nommément désigné par le chef d’établissement peut travailler la nuit"
    for day in case.present:
        if day.adult:
            for slot in _night(day, EVENING):
                message = f"{_presence(day, slot)} ; {named}"
                yield Found(day.where, message, day=day.date)


def _night(day: WorkedDay, evening: int) -> Iterator[Slot]:
    """Yield the parts of the day's presence that fall at night."""
    for slot in day.slots:
        for start, end in ((0, MORNING), (evening, DAY)):
            part = Slot(max(slot.start, start), min(slot.end, end))
            if part.start < part.end:
                yield part


def _presence(day: WorkedDay, slot: Slot) -> str:
    hours = f"de {words.duration(slot.start)} à {words.duration(slot.end)}"
    return f"{words.day(day.date)} : présence {hours} pour {words.pupil(day.age)}"


@rule(
    "sunday",
    source="code du travail, art. L. 3132-3 et L. 3164-2",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_minor_never_works_on_sunday_outside_agriculture",
    overridable=True,
)
def minor_sunday(case: Case) -> Iterator[Found]:
    """Under eighteen never on Sunday, save a derogation of the law recorded by the head (national model)."""
    if not case.profile.agricultural:
        yield from (_sunday(day, "un élève mineur") for day in case.present if day.minor and _is_sunday(day))


@rule(
    "sunday",
    source="code rural et de la pêche maritime, art. L. 714-1",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_agricultural_sunday_is_for_sixteen_and_over",
)
def agricultural_sunday(case: Case) -> Iterator[Found]:
    """Agriculture: never on Sunday under sixteen; from sixteen as adults, with two days of rest in a row."""
    if case.profile.agricultural:
        young = (day for day in case.present if day.age is not None and day.age < 16)
        yield from (_sunday(day, "un élève de moins de 16 ans") for day in young if _is_sunday(day))


def _is_sunday(day: WorkedDay) -> bool:
    return day.date.weekday() == SUNDAY


def _sunday(day: WorkedDay, whom: str) -> Found:
    figures = f"{words.duration(day.minutes)} de présence pour {words.pupil(day.age)}"
    message = f"{words.day(day.date)} : {figures} ; le dimanche est interdit à {whom}"
    return Found(day.where, message, day=day.date)


@rule(
    "public-holiday",
    source="code du travail, art. L. 3164-6",
    since=LABOUR_CODE,
    topic="minor-hours",
    test="test_public_holiday_of_the_host_s_place_is_forbidden_under_eighteen",
)
def minor_public_holiday(case: Case) -> Iterator[Found]:
    """Under eighteen never on a public holiday of the host's place; the adults' is the host's own rule."""
    for day in case.present:
        if day.minor and day.date in case.holidays:
            figures = f"{words.duration(day.minutes)} de présence pour {words.pupil(day.age)}"
            name = case.holidays[day.date]
            message = (
                f"{words.day(day.date)} ({name}) : {figures} ; les jours fériés sont interdits aux mineurs"
            )
            yield Found(day.where, message, day=day.date)
