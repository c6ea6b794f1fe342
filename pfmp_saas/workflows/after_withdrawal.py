"""After the school withdraws a document from signature."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.core.events import SigningWithdrawn

_WITHDRAWN: Mapping[str, Callable[[Session, UUID], Any]] = {
    "convention": conventions.withdrawn,
    "amendment": amendments.withdrawn,
}


def withdraw(session: Session, event: SigningWithdrawn) -> None:
    """Move the convention or the amendment to withdrawn."""
    _WITHDRAWN[event.kind](session, event.document_id)
