"""Reading the forms by which a person is given a role."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pfmp_saas.core import reading
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.roles import Role

INCOMPLETE = "Indiquez un nom, une adresse électronique et une fonction."


@dataclass(frozen=True)
class Member:
    """Who is given which role."""

    email: str
    name: str
    role: Role


def read_member(typed: Mapping[str, str], given: Collection[Role]) -> Member:
    """Read ``email``, ``name`` and ``role``, one of ``given``. Raises DomainError."""
    role = typed.get("role", "")
    if role not in given:
        raise DomainError(INCOMPLETE, field="role")
    return _person(typed, "", Role(role))


def read_head(typed: Mapping[str, str]) -> Member:
    """Read ``head_email`` and ``head_name``: who is put at a school's head. Raises DomainError."""
    return _person(typed, "head_", Role.HEAD)


def _person(typed: Mapping[str, str], prefix: str, role: Role) -> Member:
    try:
        email = reading.email(typed.get(f"{prefix}email", "").strip())
    except ValueError as error:
        raise DomainError(str(error), field=f"{prefix}email") from None
    try:
        name = reading.line(typed.get(f"{prefix}name", ""))
    except ValueError as error:
        raise DomainError(str(error), field=f"{prefix}name") from None
    if not email or not name:
        raise DomainError(INCOMPLETE, field=f"{prefix}email" if name else f"{prefix}name")
    return Member(email, name, role)
