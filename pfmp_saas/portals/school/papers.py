"""What the office reads and records beside the parties: papers, accidents, the pupil's evaluation."""

import uuid

from pfmp_saas.conventions import queries
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.permissions import Permission
from pfmp_saas.portals.context import session
from pfmp_saas.portals.party_routes import (
    Portal,
    add_accidents,
    add_declarations,
    add_evaluation,
    add_papers,
)
from pfmp_saas.portals.school.blueprint import bp


def _any(convention_id: uuid.UUID) -> Convention:
    return queries.get(session(), convention_id)


PORTAL = Portal(bp, Permission.CONVENTION_READ, _any)
add_papers(PORTAL)
add_accidents(PORTAL, Permission.ACCIDENT_MANAGE, "school")
add_declarations(PORTAL, Permission.ACCIDENT_MANAGE, "school")
add_evaluation(PORTAL, Permission.CONVENTION_READ)
