"""What chaos counts: each line has what was found, what was wanted, and whether they agree."""

from collections.abc import Iterable
from dataclasses import dataclass

import click


@dataclass(frozen=True)
class Count:
    """One count. ``wanted`` is the very number, or the most if ``at_most``; None only tells."""

    name: str
    found: float
    wanted: float | None = None
    unit: str = ""
    at_most: bool = False

    @property
    def good(self) -> bool:
        """Tell whether what was found is what was wanted."""
        if self.wanted is None:
            return True
        return self.found <= self.wanted if self.at_most else self.found == self.wanted


def tell(title: str, counts: Iterable[Count]) -> bool:
    """Print counts under a title as they come; return whether all are good."""
    click.echo(f"\n{title}")
    good = True
    for each in counts:
        click.echo(_line(each))
        good &= each.good
    return good


def _line(each: Count) -> str:
    wanted = ""
    if each.wanted is not None:
        wanted = f"({'au plus ' if each.at_most else 'attendu '}{_number(each.wanted)})"
    return f"  {each.name:66} {_number(each.found):>8} {each.unit:2} {wanted}{'' if each.good else '  FAUX'}".rstrip()


def _number(value: float) -> str:
    return f"{value:.2f}" if value != int(value) else f"{int(value)}"
