"""The gratification of a convention, with its computation: the agreed amount, or the due one when it is higher."""

from decimal import Decimal

from sqlalchemy.orm import Session

from pfmp_saas.conventions import caps
from pfmp_saas.conventions.models import Convention
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.durations import DueGratification, due_gratifications
from pfmp_saas.law.facts import parse
from pfmp_saas.law.money.amounts import Amount, gratification, hours
from pfmp_saas.types.revisions.use_cases import type_of


def gratification_of(session: Session, convention: Convention) -> Amount | None:
    """Return the gratification of the planned presence in euros, None when none is agreed or due (L124-6).

    Whether it is due takes the pupil's other placements with this host in the year into account; the sum is
    this convention's. Raises InvalidData on a draft that cannot be read.
    """
    case, due, agreed, rate = _rate(session, convention)
    if not rate:
        return None
    planned = gratification(case.minutes, rate)
    return Amount(planned.euros, planned.how + _why(case, due, agreed, rate))


def rate_of(session: Session, convention: Convention) -> Decimal:
    """Return the euros that an hour of presence is paid, 0 when nothing is agreed or due. Raises InvalidData."""
    return _rate(session, convention)[-1]


def _rate(session: Session, convention: Convention) -> tuple[Case, DueGratification | None, Decimal, Decimal]:
    """Return the convention's case, the gratification due, the agreed hourly euros, and the higher of the two."""
    facts = caps.known(session, convention, parse(convention.data))
    case = Case(facts, type_of(session, convention).profile)
    due = max(due_gratifications(case), key=lambda each: each.hourly.euros, default=None)
    agreed = case.facts.hourly_gratification or Decimal(0)
    return case, due, agreed, max(agreed, due.hourly.euros) if due else agreed


def _why(case: Case, due: DueGratification | None, agreed: Decimal, rate: Decimal) -> str:
    if due is None:
        return " ; montant que prévoit la convention"
    why = f" ; due au-delà de {hours(due.unpaid)} : {due.hourly.how}"
    if agreed == rate > due.hourly.euros:
        why += " ; la convention prévoit plus"
    done = case.facts.host.hours_done
    if done:
        why += f" ; les {hours(int(done * 60))} déjà faites ici cette année sont dues aussi"
    return why
