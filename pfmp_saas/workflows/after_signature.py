"""After the last signature: the signed document moves in the same transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.core.events import SigningCompleted

_COMPLETED: Mapping[str, Callable[[Session, UUID, datetime], Any]] = {
    "convention": conventions.complete,
    "attestation": attestation_use_cases.complete,
    "amendment": amendments.complete,
}


def complete(session: Session, event: SigningCompleted) -> None:
    """Move the convention, the amendment or the attestation to signed; each then emits an event of its own."""
    _COMPLETED[event.kind](session, event.document_id, event.at)
