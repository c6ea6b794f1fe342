"""French words of the findings. ``NBSP`` keeps a number with its unit."""

from datetime import date

from pfmp_saas.core import dates
from pfmp_saas.law.money import amounts

NBSP = amounts.NBSP

day = dates.with_weekday
plain_day = dates.written


def week(monday: date) -> str:
    """Write « semaine du 11 janvier 2027 »."""
    return f"semaine du {plain_day(monday)}"


def duration(minutes: int) -> str:
    """Write minutes as « 8 h », « 8 h 45 » or « 45 min »."""
    return f"{minutes}{NBSP}min" if 0 < minutes < 60 else amounts.hours(minutes)


def pupil(age: int | None) -> str:
    """Write « un élève de 15 ans ce jour-là »."""
    return f"un élève de {age}{NBSP}ans ce jour-là"


def french(text: str) -> str:
    """Return ``text`` with non-breaking spaces before the double signs and inside the quotation marks."""
    for sign in ":;?!»":
        text = text.replace(f" {sign}", f"{NBSP}{sign}")
    return text.replace("« ", f"«{NBSP}")
