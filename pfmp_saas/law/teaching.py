"""The teaching year: when it opens, territory by territory and year by year, or as the school says."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _calendars() -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(
        Path(__file__).with_name("teaching_years.json").read_text(encoding="utf-8")
    )
    return read


def teaching_year_opens(year: int, territory: str | None = None, own: date | None = None) -> date:
    """Return the first day of the teaching year that opens in a civil ``year``, at the school's place.

    ``own`` is the day that the school gives, which speaks for its civil year only.
    """
    if own is not None and own.year == year:
        return own
    calendars = _calendars()
    here = calendars["territories"].get(territory or "", {})
    day = here.get(str(year)) or here.get("usual") or calendars["usual"]
    return date.fromisoformat(f"{year:04d}-{day}")


def teaching_year(day: date, territory: str | None = None, own: date | None = None) -> int:
    """Return the teaching year of a day, named by the civil year in which it opens."""
    return day.year - (day < teaching_year_opens(day.year, territory, own))
