"""Teachers of a school, for tests whose conventions need others than the demonstration's."""

from sqlalchemy.orm import Session

from pfmp_saas.accounts import forms, roles
from pfmp_saas.core.roles import Role
from tests.support.clock import NOW


def teacher(session: Session, email: str, name: str) -> None:
    """Give the current school a referent teacher."""
    roles.give(session, forms.Member(email, name, Role.REFERENT), roles.Giving(None, "", NOW))
