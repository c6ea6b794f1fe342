"""The school's own people on a convention, from its memberships alone: nobody gains a role by being typed there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from pfmp_saas.accounts import delegations
from pfmp_saas.accounts import queries as people
from pfmp_saas.conventions import errors
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.addresses import travelling

Json = dict[str, Any]
_FOLLOWED = (ConventionState.SENT, ConventionState.SIGNED)


def head(session: Session) -> Json:
    """Return the head in office as conventions name one; empty values where there is none."""
    known = people.head(session)
    return {"name": known.name if known else None, "email": known.email if known else None}


def choices(session: Session, present: str) -> list[tuple[str, str]]:
    """Return the referent teachers to choose from, address and name; ``present`` stays even where it is none of them."""
    known = people.referents(session)
    stranger = [] if not present or present in known else [(present, f"{present} (sans accès ici)")]
    return [("", "à choisir"), *known.items(), *stranger]


def loads(session: Session, today: date) -> dict[str, int]:
    """Return the most pupils that each referent follows on one day from ``today`` on, by address: sent or signed conventions.

    The fullest day is one on which a placement begins, or today.
    """
    mine, beside = aliased(Convention), aliased(Convention)
    day = func.greatest(mine.starts_on, today)
    there = (beside.referent == mine.referent, beside.starts_on <= day, beside.ends_on >= day)
    each = (
        select(mine.referent, func.count(beside.id.distinct()).label("pupils"))
        .join(beside, and_(*there, beside.state.in_(_FOLLOWED)))
        .where(mine.ends_on >= today, mine.state.in_(_FOLLOWED), mine.referent.is_not(None))
        .group_by(mine.referent, mine.id)
        .subquery()
    )
    most = select(each.c.referent, func.max(each.c.pupils)).group_by(each.c.referent)
    return {travelling(row[0]): row[1] for row in session.execute(most)}


def named(session: Session, changes: Mapping[str, Any]) -> Json:
    """Return changes of a convention's data, the referent under the name by which the school knows its teacher."""
    referent = changes.get("referent") or {}
    address = travelling(referent.get("email") or "")
    name = people.referents(session).get(address) if address else None
    return {**changes, "referent": {**referent, "email": address, "name": name}} if name else dict(changes)


def in_office(session: Session, data: Mapping[str, Any], kind: str, today: date) -> Json:
    """Return a convention's data with the head in office and the referent teacher as the school knows them.

    ``school.deputy`` is who signs documents of this ``kind`` for the head by a delegation in force ``today`` (local).
    Raises NoHead where nobody heads the school, NotReferent for a referent who is none here.
    """
    known = people.head(session)
    if known is None:
        raise errors.NoHead
    signatory = {"name": known.name, "email": known.email}
    school = {name: value for name, value in (data.get("school") or {}).items() if name != "deputy"}
    deputy = delegations.in_force(session, kind, today)
    signs = {"deputy": {"name": deputy.name, "email": deputy.email}} if deputy else {}
    return with_referent(session, {**data, "school": {**school, "head": signatory, **signs}})


def with_referent(session: Session, data: Mapping[str, Any]) -> Json:
    """Return a convention's data with its referent under the school's own name. Raises NotReferent."""
    referent = data.get("referent") or {}
    address = travelling(referent.get("email") or "")
    if address and address not in people.referents(session):
        raise errors.NotReferent(email=address)
    return named(session, data)
