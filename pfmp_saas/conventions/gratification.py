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
    facts = caps.known(session, convention, parse(convention.data))
    case = Case(facts, type_of(session, convention).profile)
    due = max(due_gratifications(case), key=lambda each: each.hourly.euros, default=None)
    agreed = case.facts.hourly_gratification or Decimal(0)
    rate = max(agreed, due.hourly.euros) if due else agreed
    if not rate:
        return None
    planned = gratification(case.minutes, rate)
    return Amount(planned.euros, planned.how + _why(case, due, agreed, rate))


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
