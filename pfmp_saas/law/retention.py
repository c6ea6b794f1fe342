"""How long the documents are kept, by what became of them. Pure: dates are local to the establishment.

Evidence is kept ten years (the days attested drive the State allowance, décret 2023-765; personal actions lapse after
five years, the prudent course is twice that). What nobody ended up signing is worth a year of explanations. No text
settles either for these documents: the school must confirm them.
"""

from datetime import date
from enum import StrEnum

from pfmp_saas.core.years import anniversary


class Fate(StrEnum):
    """What became of a document."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"


YEARS: dict[Fate, int] = {Fate.SIGNED: 10, Fate.UNSIGNED: 1}
"""Years of retention from the day of closing (à confirmer par l’établissement)."""


def kept_until(closed_on: date, fate: Fate) -> date:
    """Return the last day on which a document is kept; one closed on 29 February is kept until 28 February."""
    return anniversary(closed_on, YEARS[fate])
