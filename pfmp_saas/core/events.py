"""What happened, as types. A domain emits an event in the transaction that made it happen; `workflows` follows it.

Nothing of a request calls a higher domain: it emits. What follows is written once, in `workflows.flow`: some of it in
the same transaction (what the next page must show), the rest by the worker, from the outbox.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, get_type_hints
from uuid import UUID

from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.outbox import OutboxEvent


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact: ``subject_id`` is the row that it is about, ``at`` the instant (UTC) at which it happened.

    The other fields are identifiers and plain texts, never personal data: an event is kept after it was followed.
    """

    subject_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SigningEvent(Event):
    """A fact about a signature request; ``kind`` and ``document_id`` name what it is about: a convention…"""

    kind: str
    document_id: UUID


class SigningOpened(SigningEvent):
    """A document is frozen and its signers are invited; the subject is the signature request."""


class SigningCompleted(SigningEvent):
    """All have signed and every signature is in the document; the subject is the signature request."""


class SigningRefused(SigningEvent):
    """A signer refused; the subject is the signature request."""


class SigningReplaced(SigningEvent):
    """The school corrected a document in signature: a new version follows; the subject is the former request."""


class SigningWithdrawn(SigningEvent):
    """The school took a document back from signature; the subject is the signature request."""


@dataclass(frozen=True, kw_only=True)
class SignatureGiven(Event):
    """A signer signed here; the subject is the signer, ``how`` the way he or she was known."""

    how: str


class SignerCalled(Event):
    """A signer's turn has come; the subject is the signer."""


class ConventionDiscarded(Event):
    """A draft was thrown away; the subject is the convention."""


class HostHalfAnswered(Event):
    """A host sent its half of a draft to the school; the subject is the half."""


class SignerReaddressed(Event):
    """The school corrected a signer's address; the subject is the signer."""


class SignerRemarked(Event):
    """A signer said something instead of signing, or before; the subject is the remark."""


class ConventionSent(Event):
    """A convention left for signature; the subject is the convention."""


class ConventionSigned(Event):
    """The last signer of a convention has signed; the subject is the convention."""


class AmendmentSigned(Event):
    """The last signer of an amendment has signed; the subject is the amendment."""


class AttestationSigned(Event):
    """The host has signed an attestation; the subject is the attestation."""


class AccidentRecorded(Event):
    """An accident was recorded; the subject is the accident."""


class AccidentDeclared(Event):
    """An accident's declaration was sent; the subject is the accident."""


class AccidentWithdrawn(Event):
    """An accident was recorded by mistake, or is corrected by another entry; the subject is that accident."""


@dataclass(frozen=True, kw_only=True)
class EvaluationAlarmed(Event):
    """A pupil's answer says that safety or respect failed; the subject is the evaluation, ``kind`` the gravest matter."""

    kind: str


class DifficultyTold(Event):
    """Somebody told the school what goes wrong; the subject is the difficulty."""


class DifficultySettled(Event):
    """The school noted what it did about a difficulty; the subject is the difficulty."""


@dataclass(frozen=True, kw_only=True)
class RoleEvent(Event):
    """A fact about a staff role; the subject is the account. ``by`` is who did it: an account, "" for the platform."""

    role: str
    by: str


class RoleGiven(RoleEvent):
    """A person was given a staff role."""


class RoleTaken(RoleEvent):
    """A staff role is being taken away; the membership is still there."""


class FollowupRecorded(Event):
    """A contact or a visit of the referent was noted; the subject is the followup."""


@dataclass(frozen=True, kw_only=True)
class ByAccount(Event):
    """A fact that somebody of the school brought about: ``by`` is an account, "" for the platform."""

    by: str


class SchoolFilesHeld(Event):
    """School files wait to be imported, or were: they are held for a day; the subject is the import."""


class SchoolOpened(ByAccount):
    """A school was opened; the subject is the establishment."""


class DelegationGiven(ByAccount):
    """The head delegated the signature; the subject is the delegation."""


class DelegationEnded(ByAccount):
    """The head ended a delegation before its date; the subject is the delegation."""


class SecondFactorReset(ByAccount):
    """The platform took a person's second factors away, on a checked demand; the subject is the account."""


class SettingsChanged(ByAccount):
    """A school changed what it prints; the subject is its settings."""


class RevisionAdopted(ByAccount):
    """A revision of a convention-type came into force; the subject is the revision."""


class RevisionRetired(ByAccount):
    """A revision of a convention-type is no longer in force; the subject is the revision."""


Inside = Callable[[Session, Any], None]
"""A reaction in the transaction of the event: it takes the session and the event."""

_INSIDE: dict[type[Event], Sequence[Inside]] = {}
_AFTER: set[type[Event]] = set()


def follow(inside: Mapping[type[Event], Sequence[Inside]], after: Collection[type[Event]]) -> None:
    """Set the reactions to each event in its own transaction, and the events that the worker follows.

    Called once, by `workflows.flow`.
    """
    _INSIDE.update(inside)
    _AFTER.update(after)


def emit(session: Session, event: Event) -> None:
    """Run the reactions to an event in the current transaction; write it in the outbox where the worker follows it.

    Raises LookupError in a process that never imported `workflows.flow`: its events would be followed by halves.
    """
    if not _INSIDE:
        raise LookupError("workflows.flow was not imported: nothing would follow")
    if type(event) in _AFTER:
        session.add(_row(session, event))
    for reaction in _INSIDE.get(type(event), ()):
        reaction(session, event)


def _row(session: Session, event: Event) -> OutboxEvent:
    return OutboxEvent(
        tenant_id=current_tenant(session),
        kind=type(event).__name__,
        subject_id=event.subject_id,
        payload={name: _plain(value) for name, value in vars(event).items() if name != "subject_id"},
    )


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def read(row: OutboxEvent) -> Event:
    """Return the event that a row of the outbox holds. Raises LookupError for a kind that does not exist."""
    kind = kinds().get(row.kind)
    if kind is None:
        raise LookupError(f"unknown event: {row.kind}")
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name != "subject_id"]
    return kind(subject_id=row.subject_id, **{name: _READ[hints[name]](row.payload[name]) for name in names})


_READ: dict[Any, Callable[[str], Any]] = {UUID: UUID, datetime: datetime.fromisoformat, str: str}


def kinds() -> dict[str, type[Event]]:
    """Return the classes of events by name."""
    families = (SigningEvent, RoleEvent, ByAccount)
    classes = [*Event.__subclasses__(), *(kind for family in families for kind in family.__subclasses__())]
    return {kind.__name__: kind for kind in classes if kind not in families}
