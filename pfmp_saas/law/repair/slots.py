"""Arithmetic of a day's stretches, in minutes after midnight."""

from collections.abc import Iterable

from pfmp_saas.law.presence import Hours, Slot, minutes_of


def without(hours: Hours, start: int, end: int) -> Hours:
    """Return a day's stretches with nothing from ``start`` to ``end``."""
    parts = (
        Slot(*pair)
        for slot in hours
        for pair in ((slot.start, min(slot.end, start)), (max(slot.start, end), slot.end))
    )
    return tuple(part for part in parts if part.start < part.end)


def minus(hours: Hours, others: Iterable[Slot]) -> Hours:
    """Return what of a day's stretches stands in none of the ``others``."""
    for other in others:
        hours = without(hours, other.start, other.end)
    return hours


def plus(hours: Hours, more: Slot) -> Hours:
    """Return a day's stretches and one more, one with those that it touches."""
    apart = [slot for slot in hours if slot.end < more.start or slot.start > more.end]
    touched = [slot for slot in hours if slot not in apart]
    start = min([more.start, *(slot.start for slot in touched)])
    end = max([more.end, *(slot.end for slot in touched)])
    return tuple(sorted([*apart, Slot(start, end)]))


def shortened(hours: Hours, minutes: int) -> Hours:
    """Return a day's stretches that end so many minutes of presence earlier."""
    kept = list(hours)
    while kept and minutes > 0:
        last = kept.pop()
        if last.minutes > minutes:
            kept.append(Slot(last.start, last.end - minutes))
        minutes -= last.minutes
    return tuple(kept)


def first_minutes(hours: Hours, minutes: int) -> Hours:
    """Return the first so many minutes of presence of a day."""
    return shortened(hours, minutes_of(hours) - minutes)
