"""A week written once: the hours of several days at a time, pauses taken out of them, every week or one week in two."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from pfmp_saas.conventions.hours import DAYS, HALVES, Stretch, read_days, shown_days
from pfmp_saas.core import spellings
from pfmp_saas.core.spellings import DAY, Unread, clock
from pfmp_saas.law.checks.words import duration
from pfmp_saas.law.presence import Presence, minutes_of
from pfmp_saas.law.reader import Reader

PREFIX = "fill."
EVERY, SECOND_WEEKS, FIRST_WEEKS = "", "paires", "impaires"
WHICH = (
    (EVERY, "toutes les semaines"),
    (SECOND_WEEKS, "une semaine sur deux : la 2e, la 4e… de la période"),
    (FIRST_WEEKS, "une semaine sur deux : la 1re, la 3e… de la période"),
)
USUAL_DAYS = DAYS[:5]
COPIED_TO = DAYS[1:5]
_OFF = "repos"


def read_hours(text: str) -> list[Stretch] | None:
    """Read « 8h-17h », « 8h-12h 13h30-17h » or « repos »; nothing is None. Raises Unread."""
    if not text.strip():
        return None
    return [] if spellings.plain(text) == _OFF else spellings.ranges(text)


def read_pauses(text: str) -> list[Stretch]:
    """Read the pauses of a day, « 12h-13h 15h-15h15 ». Raises Unread."""
    return spellings.ranges(text) if text.strip() else []


def filled(
    texts: Mapping[str, str],
    read: Reader,
    hours: list[Stretch] | None,
    pauses: list[Stretch],
    days: Collection[str],
    when: str,
) -> dict[str, str]:
    """Return the texts of a step's fields that these hours change, by name; none where no hours are given.

    Raises ValueError in French where they cannot be written so.
    """
    if hours is None:
        if pauses:
            raise Unread("Écrivez aussi les heures, 8h-17h : une pause seule ne dit pas la journée.")
        return {}
    if not days:
        raise Unread("Cochez les jours de ces heures.")
    left = without_pauses(hours, pauses)
    if when == EVERY:
        return written(left, days)
    return {"days": alternating(texts["days"], left, days, when, read.presence)}


def without_pauses(stretches: Iterable[Stretch], pauses: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of a day's ranges. Raises Unread for a pause outside them, or too many ranges for the form."""
    left = sorted(stretches)
    for start, end in sorted(pauses):
        around = next((each for each in left if each[0] < start and end < each[1]), None)
        if around is None or around[1] > DAY:
            why = (
                "n’est pas à l’intérieur des heures"
                if around is None
                else "tombe une nuit : écrivez les deux plages"
            )
            raise Unread(f"La pause {clock(start)}-{clock(end)} {why}.")
        left.remove(around)
        left = sorted([*left, (around[0], start), (end, around[1])])
    if len(left) > len(HALVES):
        raise Unread(f"{len(HALVES)} plages par jour au plus ; il y en a {len(left)}.")
    return left


def written(stretches: Iterable[Stretch], days: Collection[str]) -> dict[str, str]:
    """Return the texts of the inputs of these days of the week, by name: what is not filled is emptied."""
    texts = [
        text for start, end in stretches for text in (clock(start), clock(end if end <= DAY else end - DAY))
    ]
    inputs = [f"{half}.{end}" for half, _ in HALVES for end in ("start", "end")]
    blank = [""] * (len(inputs) - len(texts))
    return {
        f"{day}.{name}": text
        for day in DAYS
        if day in days
        for name, text in zip(inputs, texts + blank, strict=True)
    }


def copied(texts: Mapping[str, str]) -> dict[str, str]:
    """Return Monday's texts as those of the four days that follow, by name."""
    monday = {
        name.removeprefix("monday."): text for name, text in texts.items() if name.startswith("monday.")
    }
    return {f"{day}.{name}": text for day in COPIED_TO for name, text in monday.items()}


def alternating(
    text: str, stretches: list[Stretch], days: Collection[str], which: str, presence: Presence
) -> str:
    """Return the lines of the dated days with these hours on one week in two; public holidays stay days off.

    Raises Unread where the placement has no dates yet, or the ranges pass midnight.
    """
    if not presence.calendar:
        raise Unread("Donnez d’abord les dates de la période : les semaines se comptent depuis son début.")
    if any(end > DAY for _, end in stretches):
        raise Unread("Une nuit d’une semaine sur deux s’écrit jour par jour, plus bas.")
    first, odd = _monday(presence.calendar[0]), which == SECOND_WEEKS
    slots = [[clock(start), clock(end)] for start, end in sorted(stretches)]
    wanted = {
        day.isoformat(): slots
        for day in presence.calendar
        if DAYS[day.weekday()] in days
        and day not in presence.holidays
        and (_monday(day) - first).days // 7 % 2 == odd
    }
    return shown_days({**read_days(text), **wanted})


def weeks_apart(presence: Presence) -> list[tuple[date, str]]:
    """Return the weeks of the placement that hold a dated day, by their Monday, with the length of their presence."""
    mondays = sorted({_monday(day) for day in presence.calendar if day in presence.days})
    return [
        (
            monday,
            duration(
                sum(minutes_of(presence.on(day)) for day in presence.calendar if _monday(day) == monday)
            ),
        )
        for monday in mondays
    ]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
