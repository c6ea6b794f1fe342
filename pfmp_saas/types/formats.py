"""How values are printed in French. ``\\N{NO-BREAK SPACE}`` keeps a number with its unit."""

from collections.abc import Callable
from datetime import date

from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.view import MAX_TEXT, View

NBSP = "\N{NO-BREAK SPACE}"


def day(value: date | None) -> str:
    """12/01/2027."""
    return value.strftime("%d/%m/%Y") if value else ""


def number(value: float | None, decimals: int | None = None) -> str:
    """1 120 or 4,50: French comma, thousands parted; whole numbers without decimals unless asked."""
    if value is None:
        return ""
    places = decimals if decimals is not None else (0 if value == int(value) else 2)
    return f"{value:,.{places}f}".replace(",", NBSP).replace(".", ",")


def unit(value: float | None, symbol: str, decimals: int | None = None) -> str:
    """A number and its unit; blank stays blank."""
    return "" if value is None else f"{number(value, decimals)}{NBSP}{symbol}"


def duration(minutes: int) -> str:
    """35 h or 7 h 30; nothing for nothing."""
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return ""
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def clock(minute: int) -> str:
    """8 h or 13 h 30; minutes after midnight, the next day's hours come round again."""
    hours, rest = divmod(minute if minute <= 1440 else minute - 1440, 60)
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def siret(value: str) -> str:
    """732 829 320 00074."""
    digits = value.replace(" ", "")
    if len(digits) != 14 or not digits.isdecimal():
        return value
    return NBSP.join((digits[:3], digits[3:6], digits[6:9], digits[9:]))


def _regime(view: View, path: str) -> str:
    text = view.text(path)
    return {"general": "régime général", "msa": "mutualité sociale agricole (MSA)"}.get(text, text)


FORMATS: dict[str, Callable[[View, str], str]] = {
    "text": lambda view, path: view.text(path),
    "long": lambda view, path: view.text(path, MAX_TEXT),
    "date": lambda view, path: day(view.day(path)),
    "siret": lambda view, path: siret(view.text(path)),
    "hours": lambda view, path: unit(view.number(path), "heures"),
    "days": lambda view, path: unit(view.number(path), "jours"),
    "euros": lambda view, path: unit(view.number(path), "€", 2),
    "amount": lambda view, path: number(view.number(path), 2) if view.get(path) is not None else "",
    "regime": _regime,
    "kilometres": lambda view, path: unit(view.number(path), "km"),
}


def show(view: View, path: str, name: str) -> str:
    """The value at ``path`` printed in the format ``name``."""
    if name not in FORMATS:
        raise InvalidType(f"format inconnu : {name}")
    return FORMATS[name](view, path)
