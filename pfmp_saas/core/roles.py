"""The roles a person can hold in an establishment."""

from enum import StrEnum


class Role(StrEnum):
    """A membership's role. The platform operator is the only one outside establishments."""

    HEAD = "head"
    DEPUTY = "deputy"
    DDFPT = "ddfpt"
    SECRETARIAT = "secretariat"
    REFERENT = "referent"
    STUDENT = "student"
    GUARDIAN = "guardian"
    HOST_REPRESENTATIVE = "host_representative"
    TUTOR = "tutor"
    OPERATOR = "operator"


LABELS: dict[Role, str] = {
    Role.HEAD: "chef d’établissement",
    Role.DEPUTY: "adjoint au chef d’établissement",
    Role.DDFPT: "DDFPT",
    Role.SECRETARIAT: "secrétariat",
    Role.REFERENT: "enseignant référent",
    Role.STUDENT: "élève",
    Role.GUARDIAN: "représentant légal",
    Role.HOST_REPRESENTATIVE: "représentant de l’organisme d’accueil",
    Role.TUTOR: "tuteur",
    Role.OPERATOR: "exploitant de la plateforme",
}

STAFF: frozenset[Role] = frozenset(
    {Role.HEAD, Role.DEPUTY, Role.DDFPT, Role.SECRETARIAT, Role.REFERENT, Role.OPERATOR}
)
"""Roles that sign in with a password; the others receive a link by e-mail."""

OFFICE: frozenset[Role] = frozenset({Role.HEAD, Role.DEPUTY, Role.DDFPT, Role.SECRETARIAT})
"""Roles that work in the school's portal."""

GIVEN_BY_SCHOOL = tuple(role for role in Role if role in STAFF - {Role.OPERATOR, Role.HEAD})
"""Roles that a school gives and takes away by itself. The head’s passes from one person to the next, apart."""

_DELEGATED = ", par délégation de "


def by_delegation(capacity: str, of: str) -> str:
    """Return the capacity in which a deputy signs for ``of``."""
    return f"{capacity}{_DELEGATED}{of}"


def is_by_delegation(capacity: str) -> bool:
    """Tell whether a capacity is a deputy's."""
    return _DELEGATED in capacity
