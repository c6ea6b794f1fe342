"""Reading the form by which a school gives someone a role."""

from collections.abc import Mapping
from dataclasses import dataclass

from pfmp_saas.core import reading
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.roles import GIVEN_BY_SCHOOL, Role

INCOMPLETE = "Indiquez un nom, une adresse électronique et une fonction."


@dataclass(frozen=True)
class Member:
    """Who is given which role."""

    email: str
    name: str
    role: Role


def read_member(typed: Mapping[str, str]) -> Member:
    """Read ``email``, ``name`` and ``role``, one that a school gives. Raises DomainError."""
    try:
        email = reading.email(typed.get("email", "").strip())
        name = reading.line(typed.get("name", ""))
    except ValueError as error:
        raise DomainError(str(error)) from None
    role = typed.get("role", "")
    if not email or not name or role not in GIVEN_BY_SCHOOL:
        raise DomainError(INCOMPLETE)
    return Member(email, name, Role(role))
