"""Days and months of D124-6, gratification, and the transport that Lycée Pyrène refunds."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

DAY = 7 * 60  # minutes of presence, consecutive or not (D124-6)
MONTH = 22  # days, consecutive or not (D124-6)
CENT = Decimal("0.01")
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Amount:
    """A sum in euros, to the cent, and the computation in French that gives it."""

    euros: Decimal
    how: str


@dataclass(frozen=True)
class Attested:
    """A duration of presence as D124-6 counts it: whole days of seven hours, whole months of 22 days."""

    days: int
    months: int
    how: str


def attested(minutes: int, absent: int = 0) -> Attested:
    """Count ``minutes`` of planned presence less ``absent`` minutes (D124-6). Raises ValueError under zero."""
    if not 0 <= absent <= minutes:
        raise ValueError("L’absence ne peut dépasser la présence prévue.")
    present = minutes - absent
    days = present // DAY
    how = f"{hours(present)} de présence ÷ 7{NBSP}h = {days} jours"
    return Attested(days, days // MONTH, how)


def gratification(minutes: int, hourly: Decimal) -> Amount:
    """Return what ``minutes`` of presence are paid at ``hourly`` euros, rounded to the nearest cent (D124-8)."""
    total = (Decimal(minutes) / 60 * hourly).quantize(CENT, ROUND_HALF_UP)
    return Amount(total, f"{hours(minutes)} × {euros(hourly)} = {euros(total)}")


def surplus_km(placement: Decimal, usual: Decimal) -> Decimal:
    """Return the kilometres a day beyond the usual journey, there and back, never under zero (S-pyr, annex)."""
    return max(Decimal(0), 2 * (placement - usual))


def transport_a_day(placement: Decimal, usual: Decimal, *, rate: Decimal, ceiling: Decimal | None) -> Amount:
    """Return the refund of a day's journey: surplus distance under its ceiling, at ``rate`` euros a kilometre.

    ``placement`` and ``usual`` are one way, in kilometres (S-pyr, financial annex).
    """
    surplus = surplus_km(placement, usual)
    refunded = surplus if ceiling is None else min(surplus, ceiling)
    total = (refunded * rate).quantize(CENT, ROUND_HALF_UP)
    capped = f", plafonnés à {number(refunded)}{NBSP}km" if refunded < surplus else ""
    distance = f"2 × ({number(placement)} − {number(usual)}) = {number(surplus)}{NBSP}km{capped}"
    return Amount(total, f"{distance} × {euros(rate)} = {euros(total)}")


def hours(minutes: int) -> str:
    """Write a duration, as « 14 h 30 »."""
    whole, rest = divmod(minutes, 60)
    return f"{whole}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def euros(amount: Decimal) -> str:
    """Write a sum, as « 4,50 € »."""
    return f"{amount.quantize(CENT, ROUND_HALF_UP)}".replace(".", ",") + f"{NBSP}€"


def number(value: Decimal) -> str:
    """Write a number without useless zeros, with a comma."""
    return f"{value.normalize():f}".replace(".", ",")
