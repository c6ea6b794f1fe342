"""Days of birth as lists write them: 17/03/2010, 17.03.10, 2010-03-17, Excel's serial number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pfmp_saas.core.years import age_on

_EXCEL = date(1899, 12, 30)
AGES = range(11, 31)
"""Ages of pupils, in years: a day written in two ways is read only where one of them gives such an age."""
_SERIAL = re.compile(r"[0-9]{5}")
_WRITTEN = re.compile(r"([0-9]{1,4})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{1,4})(?:[ T]00:00(?::00)?)?")
_FULL_YEAR = 4


@dataclass(frozen=True)
class Born:
    """A day of birth; ``doubtful`` where it was not written in full."""

    day: date
    doubtful: bool = False


def day(text: str) -> date:
    """Read a day written in full, French or ISO 8601. Raises ValueError in French."""
    written = _WRITTEN.fullmatch(text)
    if written is None or _FULL_YEAR not in {len(written[1]), len(written[3])}:
        raise ValueError(f"« {text[:30]} » n’est pas une date (écrivez 17/03/2010)")
    first, month, last = (int(part) for part in written.groups())
    year, number = (first, last) if len(written[1]) == _FULL_YEAR else (last, first)
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError(f"« {text[:30]} » n’est pas une date du calendrier") from None


def born(text: str, today: date) -> Born:
    """Read a day of birth; one not written in full is read where it can be but one. Raises ValueError in French."""
    short = _WRITTEN.fullmatch(text)
    if short is None or _FULL_YEAR in {len(short[1]), len(short[3])}:
        return _serial(text, today) if _SERIAL.fullmatch(text) else Born(_past(day(text), today))
    likely = {each for each in _readings(*short.groups()) if age_on(each, today) in AGES}
    if len(likely) != 1:
        raise ValueError(f"« {text[:30]} » se lit de plusieurs façons : écrivez l’année en quatre chiffres")
    return Born(likely.pop(), doubtful=True)


def _serial(text: str, today: date) -> Born:
    found = _EXCEL + timedelta(days=int(text))
    if age_on(found, today) not in AGES:
        raise ValueError(f"« {text} » n’est pas une date de naissance d’élève (écrivez 17/03/2010)")
    return Born(found, doubtful=True)


def _past(found: date, today: date) -> date:
    if found >= today:
        raise ValueError(f"{found:%d/%m/%Y} n’est pas encore passé")
    return found


def _readings(first: str, second: str, third: str) -> Iterator[date]:
    """Yield the days that three short numbers can mean: day or year first, in either century."""
    one, two, three = int(first), int(second), int(third)
    for century in (1900, 2000):
        for year, month, number in ((century + three, two, one), (century + one, two, three)):
            try:
                yield date(year, month, number)
            except ValueError:
                continue
