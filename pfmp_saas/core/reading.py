"""Reading what people type: each reader returns the value, None for a blank, or raises ValueError in French."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pfmp_saas.core.addresses import read_address
from pfmp_saas.core.text import stored_line, stored_text

LONGEST, LONGEST_LINE = 2000, 600


@dataclass
class Reading:
    """A form as read: values by field or path, and French messages by field for those that cannot be read."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


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
    """Read an amount in euros, with a comma or a point."""
    if text and not re.fullmatch(r"[0-9]{1,5}([.,][0-9]{1,2})?", text):
        raise ValueError(f"« {text[:30]} » n’est pas un montant en euros.")
    return float(text.replace(",", ".")) if text else None


def amount(text: str) -> float | None:
    """Read a number of at most six digits, with a comma or a point."""
    if text and not re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,2})?", text):
        raise ValueError(f"« {text[:30]} » n’est pas un nombre.")
    return float(text.replace(",", ".")) if text else None


def hours(text: str) -> float | None:
    """Read a number of hours a week, 48 at most, with a comma or a point."""
    if text and (
        not re.fullmatch(r"[0-9]{1,2}([.,][0-9]{1,2})?", text) or float(text.replace(",", ".")) > 48
    ):
        raise ValueError(f"« {text[:30]} » n’est pas un nombre d’heures par semaine (48 au plus).")
    return float(text.replace(",", ".")) if text else None


def day(text: str) -> str | None:
    """Read a date, as 12/01/2027 or 2027-01-12; return it in ISO 8601."""
    if not text:
        return None
    french = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text)
    iso = f"{french[3]}-{int(french[2]):02d}-{int(french[1]):02d}" if french else text
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", iso):
        raise ValueError(f"« {text[:30]} » n’est pas une date (écrivez 12/01/2027).")
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise ValueError(f"« {text[:30]} » n’est pas une date du calendrier.") from None


_MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%d/%m/%Y à %H:%M")
_FIRST_YEAR = 2000


def moment(text: str) -> datetime | None:
    """Read a day and an hour of one place, as 12/01/2027 14:30; return it without zone."""
    if not text:
        return None
    for shape in _MOMENTS:
        try:
            local = datetime.strptime(text, shape)  # noqa: DTZ007 - the zone is the place's, which the caller knows
        except ValueError:
            continue
        if local.year >= _FIRST_YEAR:
            return local
    raise ValueError("Indiquez un jour et une heure qui existent, par exemple 12/01/2027 14:30.")


def periods(text: str) -> list[dict[str, str]]:
    """Read periods, one a line: « 19/12/2026 au 03/01/2027 ». Both days are included."""
    return [_period(written) for written in lines(text)]


def _period(text: str) -> dict[str, str]:
    dates = re.findall(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    if len(dates) != 2:
        raise ValueError(f"« {text[:40]} » n’est pas une période (écrivez 19/12/2026 au 03/01/2027).")
    start, end = (day(written) or "" for written in dates)
    if end < start:
        raise ValueError(f"« {text[:40]} » : la fin précède le début.")
    return {"start": start, "end": end}


def as_date(iso: str) -> date:
    """Return the result of :func:`day` as a date."""
    return date.fromisoformat(iso)


def email(text: str) -> str | None:
    """Read an e-mail address, in lower case."""
    return read_address(text) if text else None
