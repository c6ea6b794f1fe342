"""A convention of a type of the school’s own, whose five sign in an order that it voted."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.types.revisions import use_cases as revisions
from pfmp_saas.types.revisions.models import TypeRevision
from tests.support.clock import NOW
from tests.support.pages import UAI

ORDER = ("student", "tutor", "host_representative", "referent", "head")


def bound(session: Session, *changes: Any) -> tuple[Convention, TypeRevision]:
    """The demonstration's draft, bound to the school's adopted type."""
    enter_tenant(session, by_uai(session, UAI).id)
    row = revisions.derive(session, "national-2016", None)
    for change in changes:
        revisions.change(session, row.id, change)
    revisions.adopt(session, row.id, on=date(2026, 10, 1), number="", now=NOW)
    draft = session.scalars(select(Convention).where(Convention.state == "draft")).one()
    draft.type_revision_id = row.id
    return draft, row
