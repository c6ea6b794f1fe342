"""The State allowance of a school year: the attested days of all of a pupil's placements, under one yearly cap.

The attested days drive it (décret 2023-765): what an earlier placement of the year already earned counts towards
the cap of the next. Each amount says how it was found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.attestations.models import Attestation
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.text import fold
from pfmp_saas.core.years import school_year, school_year_opens
from pfmp_saas.law.money.allowance import Level, guess_level, state_allowance
from pfmp_saas.law.money.amounts import Amount, euros, number
from pfmp_saas.law.money.rates import Ministry, UnknownRate
from pfmp_saas.types.revisions.use_cases import type_of


@dataclass(frozen=True)
class Part:
    """What one placement earns: ``amount`` is None where the level or its rate is not known."""

    convention: Convention
    days: Decimal
    amount: Amount | None


@dataclass(frozen=True)
class YearAllowance:
    """A pupil's allowance for one school year (named by its September), placement by placement."""

    student: str
    class_name: str
    school_year: int
    parts: tuple[Part, ...]

    @property
    def days(self) -> Decimal:
        """Attested days of the year."""
        return sum((part.days for part in self.parts), Decimal(0))

    @property
    def total(self) -> Amount | None:
        """Euros of the year and their sum; None where one placement's amount is not known."""
        amounts = [part.amount for part in self.parts if part.amount]
        if len(amounts) < len(self.parts) or not amounts:
            return None
        if len(amounts) == 1:
            return amounts[0]
        total = sum((amount.euros for amount in amounts), Decimal(0))
        added = " + ".join(euros(amount.euros) for amount in amounts)
        return Amount(total, f"{number(self.days)} jours attestés : {added} = {euros(total)}")


def of_year(session: Session, year: int) -> list[YearAllowance]:
    """Return the allowances of the current school's pupils for a school year, by class and name.

    A placement belongs to the school year in which it ends.
    """
    rows = sorted(_attested(session, year), key=_order)
    grouped = (tuple(group) for _, group in groupby(rows, key=_who))
    by_pupil = [_year(session, group, year) for group in grouped]
    return sorted(by_pupil, key=lambda allowance: (allowance.class_name, allowance.student))


def allowance_of(session: Session, convention: Convention) -> Amount | None:
    """Return the State allowance of a convention's signed attestation, after the year's earlier ones; None if unknown."""
    if convention.ends_on is None:
        return None
    year = school_year(convention.ends_on)
    mine = (pair for pair in _attested(session, year) if _who(pair) == _key(convention))
    parts = _parts(session, sorted(mine, key=_order), year)
    return next((part.amount for part in parts if part.convention.id == convention.id), None)


Pair = tuple[Convention, Attestation]


def _attested(session: Session, year: int) -> list[Pair]:
    statement = (
        select(Convention, Attestation)
        .join(Attestation, Attestation.convention_id == Convention.id)
        .where(
            Attestation.state == AttestationState.SIGNED,
            Attestation.effective_days.is_not(None),
            Convention.ends_on >= school_year_opens(year),
            Convention.ends_on < school_year_opens(year + 1),
        )
    )
    return [(convention, attestation) for convention, attestation in session.execute(statement)]


def _key(convention: Convention) -> tuple[str, ...]:
    """Return the key of a pupil: the roster's number, else name and birth date."""
    if convention.student_id:
        return (str(convention.student_id),)
    born = (convention.data.get("student") or {}).get("birth_date") or ""
    return (fold(convention.student_name), born)


def _who(pair: Pair) -> tuple[str, ...]:
    return _key(pair[0])


def _order(pair: Pair) -> tuple[tuple[str, ...], date, str]:
    convention = pair[0]
    return _key(convention), convention.ends_on or date.max, convention.number


def _year(session: Session, pairs: tuple[Pair, ...], year: int) -> YearAllowance:
    latest = pairs[-1][0]
    return YearAllowance(latest.student_name, latest.class_name, year, tuple(_parts(session, pairs, year)))


def _parts(session: Session, pairs: Iterable[Pair], year: int) -> list[Part]:
    parts: list[Part] = []
    for convention, attestation in pairs:
        days = attestation.effective_days or Decimal(0)
        paid = sum((part.amount.euros for part in parts if part.amount), Decimal(0))
        parts.append(Part(convention, days, _amount(session, convention, year, days, paid)))
    return parts


def _amount(
    session: Session, convention: Convention, year: int, days: Decimal, paid: Decimal
) -> Amount | None:
    level = level_of(convention)
    agricultural = type_of(session, convention).profile.agricultural
    ministry: Ministry = "MASA" if agricultural else "MENJ"
    if level is None:
        return None
    try:
        return state_allowance(level, year, days, ministry=ministry, paid=paid)
    except UnknownRate:
        return None


def level_of(convention: Convention) -> Level | None:
    """Return the level of a convention's pupil, guessed from diploma and class; None when unsure."""
    student = convention.data.get("student") or {}
    return guess_level(student.get("diploma") or "", student.get("class_name") or "")
