"""Reckoning in years: ages, anniversaries, school years."""

from datetime import date

MAJORITY = 18
_SEPTEMBER = 9


def age_on(birth_date: date, day: date) -> int:
    """Return the age in whole years on ``day``; one born on 29 February is a year older on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def anniversary(day: date, years: int) -> date:
    """Return the same day ``years`` later, on which a period counted in years ends; 29 February gives 28 February."""
    year = day.year + years
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def school_year(day: date) -> int:
    """Return the school year of a day, named by its September."""
    return day.year - (day.month < _SEPTEMBER)


def school_year_opens(year: int) -> date:
    """Return the first day of the school year named by the September of ``year``."""
    return date(year, _SEPTEMBER, 1)
