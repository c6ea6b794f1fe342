"""Passkeys (WebAuthn): bound to this service's name, verified with the person, each answer good for one challenge."""

import ipaddress
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from pfmp_saas.accounts import errors
from pfmp_saas.accounts.models import Account, Passkey

MOST = 10
_LONGEST = 20_000  # characters of a browser's answer
_CHALLENGE = 32
_NAME = 60
_UNREADABLE = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
)
"""What the library raises on an answer that no authenticator gave."""


@dataclass(frozen=True)
class Site:
    """The service as passkeys know it: the name that they are bound to, the origin of its pages."""

    name: str
    origin: str


def site(base_url: str) -> Site | None:
    """Return what passkeys are bound to, from the service's address; None at a bare IP address, which can't have any."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc}")
    return None


def new_challenge() -> bytes:
    """Return what a passkey is asked to sign, once."""
    return secrets.token_bytes(_CHALLENGE)


def of_account(session: Session, account_id: uuid.UUID) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    mine = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.created_at, Passkey.id)
    return list(session.scalars(mine))


def creation_options(session: Session, account: Account, here: Site, challenge: bytes) -> str:
    """Return, as JSON, what the browser needs to make a passkey; the account's own ones are not made twice."""
    options = generate_registration_options(
        rp_id=here.name,
        rp_name="PFMP",
        user_id=account.id.bytes,
        user_name=account.email,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(session, account.id),
    )
    return options_to_json(options)


def request_options(session: Session, account_id: uuid.UUID, here: Site, challenge: bytes) -> str:
    """Return, as JSON, what the browser needs to use one of the account's passkeys."""
    options = generate_authentication_options(
        rp_id=here.name,
        challenge=challenge,
        allow_credentials=_known(session, account_id),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def add(
    session: Session,
    account_id: uuid.UUID,
    answer: str,
    name: str,
    asked: tuple[Site, bytes | None],
    now: datetime,
) -> Passkey:
    """Keep the passkey that a browser made when ``asked``: for this site, with this challenge.

    Raises WrongPasskey for an answer to another site or challenge, without the person verified, or known already;
    TooMany.
    """
    if len(of_account(session, account_id)) >= MOST:
        raise errors.TooMany
    made = _registered(answer, *asked)
    if made is None or _find(session, made.credential_id) is not None:
        raise errors.WrongPasskey
    row = Passkey(
        account_id=account_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name[:_NAME] or "Clé d’accès",
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def accept(
    session: Session,
    account_id: uuid.UUID,
    answer: str,
    asked: tuple[Site | None, bytes | None],
    now: datetime,
) -> bool:
    """Tell whether one of the account's passkeys gave this answer to what was ``asked``, its count gone up."""
    credential_id = _named(answer)
    row = _find(session, credential_id) if credential_id else None
    if row is None or row.account_id != account_id:
        return False
    used = _authenticated(answer, row, *asked)
    if used is None:
        return False
    row.sign_count, row.used_at = used.new_sign_count, now
    session.flush()
    return True


def _known(session: Session, account_id: uuid.UUID) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in of_account(session, account_id)]


def _find(session: Session, credential_id: bytes) -> Passkey | None:
    one = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    return session.scalars(one.execution_options(populate_existing=True)).one_or_none()


def _named(answer: str) -> bytes | None:
    """Return the identifier of the passkey that an answer says it comes from."""
    if len(answer) > _LONGEST:
        return None
    try:
        return parse_authentication_credential_json(answer).raw_id
    except _UNREADABLE:
        return None


def _registered(answer: str, here: Site, challenge: bytes | None) -> VerifiedRegistration | None:
    if challenge is None or len(answer) > _LONGEST:
        return None
    try:
        return verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.name,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None


def _authenticated(
    answer: str, row: Passkey, here: Site | None, challenge: bytes | None
) -> VerifiedAuthentication | None:
    if here is None or challenge is None:
        return None
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.name,
            expected_origin=here.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None
