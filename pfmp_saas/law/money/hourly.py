"""The hourly gratification that is due: the law's, or the host's branch agreement when it pays more."""

import json
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from pfmp_saas.law.money.amounts import CENT, NBSP, Amount, euros

SHARE = Decimal("0.15")  # of the hourly social-security ceiling (L124-6, D124-8)


@cache
def ceilings() -> dict[int, Decimal]:
    """Return the hourly ceiling in euros, by year (social-security code, D242-2-1)."""
    path = Path(__file__).with_name("ceilings.json")
    read = json.loads(path.read_text(encoding="utf-8"))["hourly_ceiling"]
    return {int(year): Decimal(value) for year, value in read.items()}


def hourly_due(year: int, branch: Decimal | None = None) -> Amount:
    """Return the least an hour of ``year`` is paid: the legal amount, or the ``branch`` agreement's if higher.

    Both in euros an hour. For a year whose ceiling is not known, the nearest known one serves, and the
    computation says that it is to be confirmed.
    """
    known = ceilings()
    nearest = min(max(year, min(known)), max(known))
    legal = (known[nearest] * SHARE).quantize(CENT, ROUND_HALF_UP)
    of = f"plafond horaire de {nearest}" + ("" if year == nearest else f", celui de {year} reste à confirmer")
    how = f"15{NBSP}% de {euros(known[nearest])} ({of}) = {euros(legal)}"
    if branch is None:
        return Amount(legal, how)
    higher = "le plus élevé" if branch > legal else "moins que la loi"
    return Amount(max(legal, branch), f"{how} ; accord de branche : {euros(branch)}, {higher}")


def least_hourly(year: int) -> Decimal:
    """Return the legal hourly gratification of ``year`` in euros; the nearest known year for one not yet known."""
    return hourly_due(year).euros
