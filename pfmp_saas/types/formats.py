"""How values are printed in French. ``\\N{NO-BREAK SPACE}`` keeps a number with its unit."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from pfmp_saas.law.money.amounts import NBSP, hours
from pfmp_saas.law.reader import MAX_TEXT, Reader
from pfmp_saas.types.errors import InvalidType


def day(value: date | None) -> str:
    """Write a date, as « 12/01/2027 »."""
    return value.strftime("%d/%m/%Y") if value else ""


def number(value: Decimal | None, decimals: int | None = None) -> str:
    """Write « 1 120 » or « 4,50 »: French comma, thousands parted; whole numbers without decimals unless asked."""
    if value is None:
        return ""
    places = decimals if decimals is not None else (0 if value == int(value) else 2)
    return f"{float(value):,.{places}f}".replace(",", NBSP).replace(".", ",")


def unit(value: Decimal | None, symbol: str, decimals: int | None = None) -> str:
    """Write a number and its unit; blank stays blank."""
    return "" if value is None else f"{number(value, decimals)}{NBSP}{symbol}"


def duration(minutes: int) -> str:
    """Write « 35 h » or « 7 h 30 »; nothing for nothing."""
    return hours(minutes) if minutes else ""


def clock(minute: int) -> str:
    """Write « 8 h » or « 13 h 30 »; minutes after midnight, the next day's hours come round again."""
    return hours(minute if minute <= 1440 else minute - 1440)


def siret(value: str) -> str:
    """Write « 732 829 320 00074 »."""
    digits = value.replace(" ", "")
    if len(digits) != 14 or not digits.isdecimal():
        return value
    return NBSP.join((digits[:3], digits[3:6], digits[6:9], digits[9:]))


_WITHOUT = {
    "unregistered": "sans SIRET (avant immatriculation)",
    "abroad": "sans SIRET (organisme à l’étranger)",
    "diplomatic": "sans SIRET (représentation diplomatique ou organisation internationale)",
}


def _numbered(data: Reader, path: str) -> str:
    """Write a SIRET or, where there is none, why."""
    return siret(data.text(path)) or _WITHOUT.get(data.text(f"{path.rpartition('.')[0]}.without_siret"), "")


def _regime(data: Reader, path: str) -> str:
    text = data.text(path)
    return {"general": "régime général", "msa": "mutualité sociale agricole (MSA)"}.get(text, text)


FORMATS: dict[str, Callable[[Reader, str], str]] = {
    "text": lambda data, path: data.text(path),
    "long": lambda data, path: data.text(path, MAX_TEXT),
    "date": lambda data, path: day(data.day(path)),
    "siret": _numbered,
    "hours": lambda data, path: unit(data.decimal(path), "heures"),
    "days": lambda data, path: unit(data.decimal(path), "jours"),
    "euros": lambda data, path: unit(data.decimal(path), "€", 2),
    "amount": lambda data, path: number(data.decimal(path), 2),
    "regime": _regime,
    "kilometres": lambda data, path: unit(data.decimal(path), "km"),
}


def show(data: Reader, path: str, name: str) -> str:
    """Return the value at ``path`` printed in the format ``name``. Raises InvalidType for an unknown format."""
    if name not in FORMATS:
        raise InvalidType(f"format inconnu : {name}")
    return FORMATS[name](data, path)
