"""What a host may attest: days that the dates hold, and what differs from the convention with a reason."""

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from pfmp_saas.attestations import errors
from pfmp_saas.law.money.amounts import CENT, DAY, euros, number

_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Held:
    """What a convention holds: its ``dates`` (days), the ``minutes`` of presence planned, the euros an hour is paid."""

    dates: int
    minutes: int
    rate: Decimal

    @property
    def planned(self) -> Decimal:
        """Return the days of seven hours that are planned (D124-6), to the tenth above."""
        return (Decimal(self.minutes) / DAY).quantize(_TENTH, ROUND_UP)

    def paid(self, days: Decimal) -> tuple[Decimal, Decimal]:
        """Return the least and the most euros that so many days are paid: a day counts seven hours, less than one is left."""
        day = self.rate * 7
        return (day * days).quantize(CENT), (day * (days + 1)).quantize(CENT) if day else Decimal(0)


def check_figures(held: Held, days: Decimal, gratification: Decimal, reason: str) -> None:
    """Raise DomainError for figures that cannot be, or that differ from the convention without a reason.

    Days that the dates do not hold are refused whatever the reason; more days than planned, and euros that are not
    those of the days at the convention's rate, need one (S-nat annex 3, décret 2023-765).
    """
    if days < 0 or gratification < 0:
        raise errors.NegativeFigures
    if days > held.dates:
        raise errors.MoreThanTheDates(dates=held.dates)
    if reason:
        return
    if days > held.planned:
        raise errors.MoreThanPlanned(planned=number(held.planned))
    least, most = held.paid(days)
    if not least - CENT <= gratification <= most + CENT:
        raise errors.OtherGratification(wanted=_wanted(held, least, most))


def _wanted(held: Held, least: Decimal, most: Decimal) -> str:
    if not held.rate:
        return "La convention n’en prévoit pas et aucune n’est due"
    rate = f"{euros(held.rate)} de l’heure"
    return f"À {rate}, ces jours donnent de {euros(least)} à {euros(most)}"
