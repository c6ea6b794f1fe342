"""The permissions of each role. Every route declares one permission or is on the short public list."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from pfmp_saas.core.roles import Role

View = TypeVar("View", bound=Callable[..., object])


class Permission(StrEnum):
    """What a membership allows, in one establishment."""

    SIGNED_IN = "signed-in"  # any account, whatever its roles
    CONVENTION_READ = "convention-read"
    CONVENTION_WRITE = "convention-write"
    CONVENTION_SEND = "convention-send"
    FOLLOW_STUDENTS = "follow-students"
    EVALUATION_READ = "evaluation-read"
    EVALUATION_WRITE = "evaluation-write"
    ACCIDENT_RECORD = "accident-record"
    ACCIDENT_MANAGE = "accident-manage"
    ATTESTATION_MANAGE = "attestation-manage"
    DIFFICULTY_READ = "difficulty-read"
    DIFFICULTY_TELL = "difficulty-tell"
    HOST_SPACE = "host-space"
    FAMILY_SPACE = "family-space"
    PEOPLE_WRITE = "people-write"
    DEROGATE = "derogate"
    SETTINGS_WRITE = "settings-write"
    HEAD_HAND_OVER = "head-hand-over"
    SIGN_OWN = "sign-own"
    PLATFORM = "platform"


_OFFICE = frozenset(
    {
        Permission.CONVENTION_READ,
        Permission.CONVENTION_WRITE,
        Permission.CONVENTION_SEND,
        Permission.EVALUATION_READ,
        Permission.ACCIDENT_RECORD,
        Permission.ACCIDENT_MANAGE,
        Permission.ATTESTATION_MANAGE,
        Permission.PEOPLE_WRITE,
    }
)

_HOST = frozenset({Permission.HOST_SPACE, Permission.ACCIDENT_RECORD, Permission.DIFFICULTY_TELL})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.HEAD: _OFFICE
    | {Permission.SETTINGS_WRITE, Permission.HEAD_HAND_OVER, Permission.DEROGATE, Permission.SIGN_OWN}
    | {Permission.DIFFICULTY_READ},
    Role.DEPUTY: _OFFICE | {Permission.SIGN_OWN},
    Role.DDFPT: _OFFICE | {Permission.SETTINGS_WRITE, Permission.DIFFICULTY_READ},
    Role.SECRETARIAT: _OFFICE,
    Role.REFERENT: frozenset(
        {
            Permission.FOLLOW_STUDENTS,
            Permission.EVALUATION_READ,
            Permission.ACCIDENT_RECORD,
            Permission.SIGN_OWN,
            Permission.DIFFICULTY_TELL,
        }
    ),
    Role.STUDENT: frozenset(
        {
            Permission.FAMILY_SPACE,
            Permission.EVALUATION_WRITE,
            Permission.ACCIDENT_RECORD,
            Permission.DIFFICULTY_TELL,
        }
    ),
    Role.GUARDIAN: frozenset(
        {Permission.FAMILY_SPACE, Permission.ACCIDENT_RECORD, Permission.DIFFICULTY_TELL}
    ),
    Role.HOST_REPRESENTATIVE: _HOST,
    Role.TUTOR: _HOST,
    Role.OPERATOR: frozenset({Permission.PLATFORM}),
}


def allows(roles: frozenset[Role], permission: Permission) -> bool:
    """Tell whether one of ``roles`` grants ``permission``."""
    return permission is Permission.SIGNED_IN or any(permission in GRANTS[role] for role in roles)


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view with the permission that opens it; the application refuses views without a mark."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(reason: str) -> Callable[[View], View]:
    """Mark a view as open without an account, for the given reason."""

    def mark(view: View) -> View:
        view.public_because = reason  # type: ignore[attr-defined]
        return view

    return mark
