"""Links to the ceremony: secrets, of which only the hash is stored, and the mails that carry them."""

import hashlib
import re
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session, contains_eager

from pfmp_saas.core import crossing, dates, mail
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.moves import locked
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.signing import errors
from pfmp_saas.signing.delays import after, last_day_to_object
from pfmp_saas.signing.models import SignatureRequest, Signer, SigningLink
from pfmp_saas.signing.queries import same_person
from pfmp_saas.signing.states import RequestState, SignerState
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment

LINK_DAYS = 30
REMINDED_EVERY = timedelta(days=1)
FILE_OPEN = timedelta(days=90)
"""How long after its signature the link of a signer gives the document; a fresh link gives it as long as it is valid."""
_OLDER_KEPT = 2
_LINKS = SigningLink.__table__.c
_END_OLDER = (
    update(SigningLink)
    .where(
        SigningLink.signer_id == bindparam("signer"),
        SigningLink.expires_at > bindparam("now"),
        SigningLink.id.not_in(
            select(_LINKS.id)
            .where(_LINKS.signer_id == bindparam("signer"))
            .order_by(_LINKS.expires_at.desc(), _LINKS.created_at.desc())
            .limit(_OLDER_KEPT)
        ),
    )
    .values(expires_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)

_ENTER = crossing.entering(Establishment)
_ASKED = (
    select(Signer)
    .join(Signer.request)
    .where(Signer.id == bindparam("signer"))
    .options(contains_eager(Signer.request))
)


RENEWED = frozenset({"expired", "aged", "corrected"})
"""The states in which a link is renewed by a tap."""


@dataclass(frozen=True)
class LinkStatus:
    """The signer and request that a link leads to.

    ``state`` is good, expired, signed, refused or closed; questioned where the person said not to be the one; corrected
    where the school replaced this version by another; aged where the signature is old and the link too; readdressed where the school corrected the address since; replaced
    where another person now has the signer's place. ``opens_file`` tells whether the link gives the document.
    """

    state: str
    signer: Signer
    request: SignatureRequest
    school: Establishment

    @property
    def opens_file(self) -> bool:
        """Tell whether the document may be read by this link."""
        return self.state in _READABLE


_AROUND = re.compile(r"[^\w-]*([A-Za-z0-9_-]{43})(?:%[0-9A-Fa-f]{2}|[^A-Za-z0-9])*", re.ASCII)
"""A secret of 43 characters between signs of a sentence: a bracket before it, a full stop or ``%3E`` after it."""
_READABLE = frozenset({"good", "signed", "refused"})


@dataclass(frozen=True)
class UsedLink:
    """The signer whose signature a link gives, and the school: held, it is read once in a transaction."""

    signer_id: uuid.UUID
    school: Establishment


def new_link(session: Session, signer: Signer, now: datetime, *, days: int = LINK_DAYS) -> str:
    """Return the secret of a new link, valid for ``days``; of the signer's earlier links the newest two stay valid."""
    session.execute(_END_OLDER, {"signer": signer.id, "now": now})
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(days=days)
    row = SigningLink(
        tenant_id=current_tenant(session), signer_id=signer.id, token_hash=_hash(token), expires_at=expires
    )
    session.add(row)
    session.flush()
    return token


def without_signs(token: str) -> str:
    """Return the secret without the signs that a mail program took into the link; any other text as it is."""
    found = _AROUND.fullmatch(token)
    return found[1] if found else token


def resolve_link(session: Session, token: str, now: datetime) -> LinkStatus:
    """Enter the tenant that the link names and return what it still opens. Raises NotFound."""
    link = _enter(session, token)
    signer = session.scalars(_ASKED, {"signer": link.signer_id}).one()
    state = _state(link.expires_at, signer, now)
    if signer.request.state == RequestState.WITHDRAWN and _newest(session, signer.request):
        state = "corrected"
    return LinkStatus(state, signer, signer.request, link.Establishment)


def _newest(session: Session, request: SignatureRequest) -> SignatureRequest | None:
    """Return the last version that corrects a document, followed from one to the next; None where none came after it."""
    of_subject = (SignatureRequest.subject_id == request.subject_id, SignatureRequest.replaces.is_not(None))
    following = {row.replaces: row for row in session.scalars(select(SignatureRequest).where(*of_subject))}
    newest = None
    while request.frozen_hash in following:
        newest = request = following.pop(request.frozen_hash)
    return newest


def use_link(session: Session, token: str, now: datetime) -> UsedLink | None:
    """Enter the tenant that the link names and return whose signature it gives; None when it has expired.

    The signer's state is not read: whoever signs reads it under its lock. Raises NotFound.
    """
    link = _enter(session, token)
    return UsedLink(link.signer_id, link.Establishment) if link.expires_at > now else None


def _enter(session: Session, token: str) -> Row[Any]:
    link = crossing.enter_by_link(session, _ENTER, _hash(token))
    if link is None:
        raise errors.UnknownLink
    return link


def _state(expires_at: datetime, signer: Signer, now: datetime) -> str:
    if signer.replaced_at is not None:
        return "replaced"
    if signer.readdressed_at is not None and expires_at <= signer.readdressed_at:
        return "readdressed"
    if signer.state != SignerState.INVITED:
        answered = signer.signed_at or signer.refused_at
        aged = answered is not None and now > max(expires_at, answered + FILE_OPEN)
        return "aged" if aged else str(signer.state)
    if signer.request.state != RequestState.OPEN:
        return "closed"
    if expires_at <= now:
        return "expired"
    return "questioned" if signer.questioned_at else "good"


def invite(
    session: Session,
    signer: Signer,
    base_url: str,
    now: datetime,
    *,
    kind: MailKind = MailKind.SIGNING_INVITATION,
) -> None:
    """Write the mail that carries a fresh link to the signer's own address; of a corrected version it says why."""
    corrected = signer.request.replacement_reason
    more: dict[str, Any] = {"reason": corrected} if corrected and kind == MailKind.SIGNING_INVITATION else {}
    mail.send(
        session,
        MailKind.SIGNING_REPLACED if more else kind,
        (signer.name, signer.email),
        subject_id=signer.id,
        occurrence=uuid.uuid4().hex,
        **more,
        capacity=in_capacities(signer),
        **asked_by(session),
        title=signer.request.title,
        url=f"{base_url}/signer/{new_link(session, signer, now)}",
        days=LINK_DAYS,
    )


def inform(session: Session, signer: Signer, base_url: str, now: datetime) -> None:
    """Tell who signed an earlier version what changed: that signature is carried over, unless opposed by this link.

    Where the address has changed since, the one that it was given from is told too. The worker carries it in time.
    """
    zone = ZoneInfo(tenants.here(session).timezone)
    last = last_day_to_object(signer.request.opened_at, zone)
    for email in dict.fromkeys((signer.email, signer.carries.email if signer.carries else signer.email)):
        mail.send(
            session,
            MailKind.SIGNING_INFORMED,
            (signer.name, email),
            subject_id=signer.id,
            occurrence=uuid.uuid4().hex,
            reason=signer.request.replacement_reason or "",
            last=dates.written(last),
            capacity=signer.capacity,
            **asked_by(session),
            title=signer.request.title,
            url=f"{base_url}/signer/{new_link(session, signer, now)}",
        )
    schedule(session, DueKind.CARRY, signer.id, "1", due_at=after(last, zone))


def in_capacities(signer: Signer) -> str:
    """Return in which capacities a mail asks a person to sign, as « Tuteur et Représentant… »."""
    others = same_person(signer) if signer.state == SignerState.INVITED else []
    return " et ".join(each.capacity for each in [signer, *others])


def asked_by(session: Session) -> dict[str, Any]:
    """Return what a mail to a signer says of who asks: the school, and how to reach it."""
    own = tenants.settings(session)
    return {"school": tenants.here(session).name, "contact": " · ".join(filter(None, (own.phone, own.email)))}


def renew(session: Session, link: LinkStatus, base_url: str, now: datetime) -> None:
    """Mail a fresh link in the place of one that expired or aged, to the same address; once a day, silently."""
    if link.state == "corrected":
        _lead_on(session, link.signer, base_url, now)
        return
    kinds = {"expired": MailKind.SIGNING_RENEWAL, "aged": MailKind.FILE_LINK}
    if link.state not in kinds or not link.signer.email:
        return
    signer = locked(session, Signer, link.signer.id, under=Signer.request)
    if signer.reminded_at is None or now - signer.reminded_at >= REMINDED_EVERY:
        signer.reminded_at = now
        invite(session, signer, base_url, now, kind=kinds[link.state])


def _lead_on(session: Session, former: Signer, base_url: str, now: datetime) -> None:
    """Mail the link of the newest version to who holds the same place in it, at the address that it has there."""
    newest = _newest(session, former.request)
    places = newest.signers if newest else []
    for known in (each for each in places if each.field == former.field and each.email == former.email):
        signer = locked(session, Signer, known.id, under=Signer.request)
        if signer.reminded_at is None or now - signer.reminded_at >= REMINDED_EVERY:
            signer.reminded_at = now
            _write_again(session, signer, base_url, now)


def close_to(
    session: Session, requests: Collection[uuid.UUID], field: str, email: str, now: datetime
) -> None:
    """End what the links of a replaced person open: another has taken the place ``field`` of these documents."""
    theirs = (Signer.request_id.in_(list(requests)), Signer.field == field, Signer.email == email)
    session.execute(update(Signer).where(*theirs, Signer.replaced_at.is_(None)).values(replaced_at=now))


def check_due_again(reminded_at: datetime | None, now: datetime) -> None:
    """Raise RemindedToday where the last reminder left less than a day ago."""
    if reminded_at is not None and now - reminded_at < REMINDED_EVERY:
        raise errors.RemindedToday


def remind(session: Session, signer_id: uuid.UUID, base_url: str, now: datetime) -> Signer:
    """Mail a new link to a signer, as the school asks: once a day. Raises NotFound, RemindedToday."""
    signer = locked(session, Signer, signer_id, under=Signer.request)
    check_due_again(signer.reminded_at, now)
    signer.reminded_at = now
    _write_again(session, signer, base_url, now)
    return signer


def _write_again(session: Session, signer: Signer, base_url: str, now: datetime) -> None:
    """Mail a new link: to sign, to the document where it is signed, or with the news where a signature is carried over."""
    if signer.is_carrying:
        inform(session, signer, base_url, now)
        return
    signed = signer.state == SignerState.SIGNED
    invite(session, signer, base_url, now, kind=MailKind.FILE_LINK if signed else MailKind.SIGNING_RENEWAL)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
