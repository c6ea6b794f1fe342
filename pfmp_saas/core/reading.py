"""Reading what people type: each reader returns the value, None for a blank, or raises ValueError in French."""

import re
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

from pfmp_saas.core import dates, spellings
from pfmp_saas.core.addresses import read_address
from pfmp_saas.core.identifiers import is_siret
from pfmp_saas.core.text import stored_line, stored_text

LONGEST, LONGEST_LINE = 2000, 600


def line(text: str) -> str | None:
    """Read one line of at most 600 characters, as the convention prints it."""
    return _within(stored_line(text), LONGEST_LINE)


def paragraphs(text: str) -> str | None:
    """Read a text of several lines, of at most 2,000 characters; Word's bullets become dashes."""
    return _within(stored_text(text), LONGEST)


def _within(clean: str, longest: int) -> str | None:
    if len(clean) > longest:
        raise ValueError(f"{longest} caractères au plus ; il y en a {len(clean)}.")
    return clean or None


def lines(text: str) -> list[str]:
    """Read a list, one item a line; what marks an item, a dash or Word's bullet, is left out."""
    items = (item.removeprefix("- ").strip() for item in stored_text(text).split("\n"))
    return [item for item in items if item]


def whole_number(text: str) -> int | None:
    """Read a whole number of at most six digits."""
    if text and not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(f"« {text[:30]} » n’est pas un nombre entier.")
    return int(text) if text else None


def money(text: str) -> float | None:
    """Read an amount in euros: « 12,50 € »."""
    return _at_most(spellings.euros(text), 99_999.99, text, "un montant en euros") if text else None


def amount(text: str) -> float | None:
    """Read a number under a million, with a comma or a point."""
    return _at_most(spellings.number(text), 999_999.99, text, "un nombre") if text else None


def hours(text: str) -> float | None:
    """Read a number of hours a week, 48 at most: « 35 h », « 32,5 »."""
    if not text:
        return None
    return _at_most(spellings.hours_of_work(text), 48, text, "un nombre d’heures par semaine (48 au plus)")


def _at_most(value: Decimal, most: float, text: str, what: str) -> float:
    if value > most:
        raise spellings.Unread(f"{spellings.quoted(text)} n’est pas {what}.")
    return float(round(value, 2))


def day(text: str) -> str | None:
    """Read a date as people write it (core/dates); return it in ISO 8601."""
    return dates.day(text).isoformat() if text else None


_MOMENT = re.compile(
    r"(?P<day>.+?)(?:,? à |,? |t)(?P<hour>midi|minuit|\d{1,2} ?[:h.] ?\d{0,2}(?::00)?|\d{4})", re.ASCII
)
_FIRST_YEAR = 2000


def moment(text: str) -> datetime | None:
    """Read a day and an hour of one place, as 12/01/2027 14:30 or « 12 janvier 2027 à 14h30 »; return it without zone."""
    if not text:
        return None
    found = _MOMENT.fullmatch(spellings.plain(text))
    with suppress(spellings.Unread):
        if found and (on := dates.day(found["day"])).year >= _FIRST_YEAR:
            return datetime.combine(on, time(*divmod(spellings.hour(found["hour"]), 60)))
    raise spellings.Unread("Indiquez un jour et une heure qui existent, par exemple 12/01/2027 14:30.")


def periods(text: str) -> list[dict[str, str]]:
    """Read periods, one a line: « 19/12/2026 au 03/01/2027 ». Both days are included."""
    return [_period(written) for written in lines(text)]


def _period(text: str) -> dict[str, str]:
    start, end = _two_days(text)
    if end < start:
        raise spellings.Unread(f"« {text[:40]} » : la fin précède le début.")
    return {"start": start.isoformat(), "end": end.isoformat()}


def _two_days(text: str) -> tuple[date, date]:
    """Return the two days of a period, wherever the line can be cut in two of them."""
    clean = spellings.plain(text)
    for cut in re.finditer(r" (?:au|a|à|-) | ", clean):
        with suppress(spellings.Unread):
            return dates.day(clean[: cut.start()].removeprefix("du ")), dates.day(clean[cut.end() :])
    raise spellings.Unread(f"« {text[:40]} » n’est pas une période (écrivez 19/12/2026 au 03/01/2027).")


def as_date(iso: str) -> date:
    """Return the result of :func:`day` as a date."""
    return date.fromisoformat(iso)


def siret(text: str) -> str | None:
    """Read a SIRET, blanks allowed; raises ValueError."""
    digits = "".join(text.split())
    if digits and not is_siret(digits):
        raise ValueError("Ce SIRET n’existe pas : vérifiez ses 14 chiffres, l’un d’eux est sans doute faux.")
    return digits or None


def email(text: str) -> str | None:
    """Read an e-mail address, in lower case."""
    return read_address(text) if text else None
