"""A school in its own evidence: what it is, what it prints, and the convention-types that its board adopted."""

from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Delegation
from pfmp_saas.core.events import ByAccount
from pfmp_saas.evidence.administration import actor_of
from pfmp_saas.evidence.register import Kept, enter
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment, EstablishmentSettings
from pfmp_saas.types.revisions.models import TypeRevision
from pfmp_saas.types.revisions.states import RevisionState

OPENED, CHANGED = "school-opened", "settings-changed"
DELEGATION_GIVEN, DELEGATION_ENDED = "delegation-given", "delegation-ended"
ADOPTED, RETIRED = "revision-adopted", "revision-retired"
SCHOOLS = Kept(
    "school", Establishment, ("uai", "name", "territory", "timezone", "type_slug"), "l’établissement"
)
SETTINGS = Kept(
    "settings",
    EstablishmentSettings,
    tuple(
        column.name
        for column in EstablishmentSettings.__table__.columns
        if column.name not in {"id", "tenant_id"}
    ),
    "les réglages",
)
REVISIONS = Kept(
    "revision",
    TypeRevision,
    (
        "number", "base_slug", "content", "digest", "deliberation_on", "deliberation_number", "created_by",
        "adopted_at", "retired_at", "state",
    ),
    "la convention-type",
    TypeRevision.state != RevisionState.DRAFT,
)  # fmt: skip


DELEGATIONS = Kept(
    "delegation",
    Delegation,
    (
        "deputy_id", "deputy_name", "scope", "starts_on", "ends_on", "reference", "given_by", "given_at", "ended_at",
    ),
    "la délégation de signature",
)  # fmt: skip


def delegated(session: Session, event: ByAccount) -> None:
    """Record a delegation of the head's signature."""
    row = session.get_one(Delegation, event.subject_id)
    enter(session, DELEGATIONS, row, DELEGATION_GIVEN, actor_of(session, event.by), event.at)


def delegation_ended(session: Session, event: ByAccount) -> None:
    """Record that a delegation was ended before its date."""
    row = session.get_one(Delegation, event.subject_id)
    enter(session, DELEGATIONS, row, DELEGATION_ENDED, actor_of(session, event.by), event.at)


def opened(session: Session, event: ByAccount) -> None:
    """Record a school that was opened, and its first settings."""
    actor = actor_of(session, event.by)
    enter(session, SCHOOLS, session.get_one(Establishment, event.subject_id), OPENED, actor, event.at)
    enter(session, SETTINGS, tenants.settings(session), OPENED, actor, event.at)


def changed(session: Session, event: ByAccount) -> None:
    """Record the settings that a school changed."""
    enter(session, SETTINGS, tenants.settings(session), CHANGED, actor_of(session, event.by), event.at)


def adopted(session: Session, event: ByAccount) -> None:
    """Record a revision of a convention-type that was put in force."""
    row = session.get_one(TypeRevision, event.subject_id)
    enter(session, REVISIONS, row, ADOPTED, actor_of(session, event.by), event.at)


def retired(session: Session, event: ByAccount) -> None:
    """Record a revision that is no longer in force."""
    row = session.get_one(TypeRevision, event.subject_id)
    enter(session, REVISIONS, row, RETIRED, actor_of(session, event.by), event.at)
