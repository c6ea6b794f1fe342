"""The request's context: who asks, from which establishment, at what time, in which transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from flask import current_app, g
from flask_login import UserMixin, current_user
from sqlalchemy.orm import Session

from pfmp_saas.accounts.queries import Place
from pfmp_saas.core.clock import Clock
from pfmp_saas.core.settings import Settings
from pfmp_saas.evidence.use_cases import Actor


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The signed-in person."""

    account_id: uuid.UUID
    name: str
    email: str
    operator: bool = False

    def get_id(self) -> str:
        """Return the identifier that the session cookie keeps."""
        return str(self.account_id)


def session() -> Session:
    """Return the request's database session; it commits when the request ends well."""
    found: Session = g.session
    return found


def undo() -> None:
    """Undo all that the request wrote so far; it goes on, for the same establishment, in a new transaction."""
    g.work.roll_back()


def settings() -> Settings:
    """Return the service's settings."""
    found: Settings = current_app.extensions["pfmp"].settings
    return found


class Freezing(TypedDict):
    """What freezing a document takes from where the service runs."""

    kek: bytes
    base_url: str
    now: datetime
    timestamped: bool


def freezing() -> Freezing:
    """Return what freezing a document takes, at this instant."""
    kept = settings()
    return Freezing(
        kek=kept.key_encryption_key, base_url=kept.base_url, now=now(), timestamped=kept.tsa_url is not None
    )


def now() -> datetime:
    """Return the present instant, in UTC, from the application's clock."""
    clock: Clock = current_app.extensions["pfmp"].clock
    return clock()


def signed_in() -> SignedIn:
    """Return who is signed in. Only for routes whose permission demands it."""
    person: SignedIn = current_user
    return person


def acting_as(capacity: str) -> Actor:
    """Return the signed-in person as the evidence names whoever acts, with the capacity in which it is done."""
    return Actor(signed_in().name, signed_in().email, capacity, "account")


def uai() -> str:
    """Return the UAI number in the page's address, as it was written there. Only for routes that have one."""
    written: str = g.uai
    return written


def place() -> Place:
    """Return the establishment that the page's address names, with the actor's roles there."""
    found: Place = g.place
    return found
