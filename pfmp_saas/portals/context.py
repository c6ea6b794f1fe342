"""The request's context: the signed-in person, the establishment, the time, the transaction."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from flask import current_app, g, request
from flask_login import UserMixin, current_user, login_user
from sqlalchemy.orm import Session

from pfmp_saas.accounts import passkeys, sessions
from pfmp_saas.accounts.factors import Means
from pfmp_saas.accounts.models import Account
from pfmp_saas.accounts.queries import Place
from pfmp_saas.accounts.roles import Giving
from pfmp_saas.core.clock import Clock
from pfmp_saas.core.settings import Settings
from pfmp_saas.core.years import school_year
from pfmp_saas.evidence.use_cases import Actor

_YEAR = re.compile("20[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The signed-in person."""

    account_id: uuid.UUID
    name: str
    email: str
    operator: bool
    session_id: uuid.UUID
    secret: str = field(repr=False)

    def get_id(self) -> str:
        """Return what the cookie keeps: the session's secret, which ends with it."""
        return self.secret


def signed_in_as(secret: str) -> SignedIn | None:
    """Return whom a session's secret opens the service to, now; None when the session is over."""
    found = sessions.open_one(session(), secret, now())
    if found is None:
        return None
    account, kept = found
    return SignedIn(
        account.id, account.name or account.email, account.email, account.operator, kept.id, secret
    )


def enter(account: Account) -> None:
    """Sign a person in: a session of its own begins."""
    secret = sessions.begin(session(), account, request.user_agent.string, now())
    person = signed_in_as(secret)
    assert person is not None  # it has just begun
    login_user(person)


def session() -> Session:
    """Return the request's database session; it commits when the request ends well."""
    current: Session = g.session
    return current


def undo() -> None:
    """Roll back all that the request wrote; the request goes on in a new transaction of the same establishment."""
    g.work.roll_back()


def settings() -> Settings:
    """Return the service's settings."""
    current: Settings = current_app.extensions["pfmp"].settings
    return current


class Freezing(TypedDict):
    """The arguments of freezing a document that come from the service; ``now`` is UTC."""

    kek: bytes
    base_url: str
    now: datetime
    timestamped: bool


def freezing() -> Freezing:
    """Return the service's arguments of freezing a document, at the present instant."""
    service = settings()
    return Freezing(
        kek=service.key_encryption_key,
        base_url=service.base_url,
        now=now(),
        timestamped=service.tsa_url is not None,
    )


def means() -> Means:
    """Return what surrounds a second factor, at the present instant."""
    service = settings()
    return Means(service.key_encryption_key, passkeys.site(service.base_url), service.base_url, now())


def now() -> datetime:
    """Return the present instant, in UTC, from the application's clock."""
    clock: Clock = current_app.extensions["pfmp"].clock
    return clock()


def signed_in() -> SignedIn:
    """Return the signed-in person. Only for routes whose permission demands it."""
    person: SignedIn = current_user
    return person


def giving() -> Giving:
    """Return what surrounds a role that the signed-in person gives or takes, at the present instant."""
    return Giving(signed_in().account_id, settings().base_url, now())


def my_name() -> str:
    """Return the signed-in person's name, as the establishment of the page knows it where there is one."""
    here = g.get("place")
    return here.person if here and here.person else signed_in().name


def acting_as(capacity: str) -> Actor:
    """Return the signed-in person as an actor of the evidence, acting in ``capacity``."""
    return Actor(my_name(), signed_in().email, capacity, "account")


def uai() -> str:
    """Return the UAI number in the page's address, as it was written there. Only for routes that have one."""
    written: str = g.uai
    return written


def place() -> Place:
    """Return the establishment that the page's address names, with the actor's roles there."""
    named: Place = g.place
    return named


def today() -> date:
    """Return the present date in the establishment's zone. Only for routes that have an establishment."""
    return now().astimezone(place().zone).date()


def asked_year() -> int:
    """Return the school year that the address asks for (``annee``, its September), the present one where it names none."""
    typed = request.args.get("annee", "")
    return int(typed) if _YEAR.fullmatch(typed) else school_year(today())
