"""The key of a school's log: wrapped at rest, and certified by the platform's root."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from pfmp_saas.core.database import current_tenant
from pfmp_saas.documents.sealing.authority import Issuer, issue_log_certificate
from pfmp_saas.documents.sealing.keys import unwrap_key, wrap_key
from pfmp_saas.evidence.checkpoint.models import LogKey
from pfmp_saas.evidence.checkpoint.note import origin, verifier_key
from pfmp_saas.evidence.use_cases import record_key


def open_log(session: Session, root: Issuer, uai: str, base_url: str, kek: bytes, now: datetime) -> LogKey:
    """Make the key of the current school's log, certified by ``root``; the key before it, if any, is retired.

    The log keeps the name that its first key gave it; ``base_url`` names a new one.
    """
    before = active_key(session)
    name = before.origin if before else origin(urlsplit(base_url).netloc, uai)
    key = Ed25519PrivateKey.generate()
    if before:
        before.retired_at = now
        record_key(session, f"log-key:{uai}", "log-key-retired", before.certificate_pem, now)
    row = LogKey(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        origin=name,
        certificate_pem=_pem(issue_log_certificate(root, key.public_key(), name, now)),
        wrapped_key=wrap_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), kek),
        created_at=now,
    )
    session.add(row)
    session.flush()
    record_key(session, f"log-key:{uai}", "log-key-opened", row.certificate_pem, now)
    return row


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def active_key(session: Session) -> LogKey | None:
    """Return the key that signs the current school's checkpoints now, if its log has one."""
    mine = (LogKey.tenant_id == current_tenant(session), LogKey.retired_at.is_(None))
    return session.scalars(select(LogKey).where(*mine)).one_or_none()


def all_keys(session: Session) -> list[LogKey]:
    """Return every key of the current school's log, the oldest first."""
    mine = select(LogKey).where(LogKey.tenant_id == current_tenant(session))
    return list(session.scalars(mine.order_by(LogKey.created_at)))


def signing_key(session: Session, row: LogKey, kek: bytes) -> Ed25519PrivateKey:
    """Unwrap a log's key, in memory; only the role ``pfmp_checkpoint`` can read it."""
    statement = select(LogKey).where(LogKey.id == row.id).options(undefer(LogKey.wrapped_key))
    wrapped = session.scalars(statement.execution_options(populate_existing=True)).one().wrapped_key
    key = load_pem_private_key(unwrap_key(wrapped, kek), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def public_of(row: LogKey) -> str:
    """Return the verifier key of a log's key, from its certificate."""
    key = x509.load_pem_x509_certificate(row.certificate_pem.encode()).public_key()
    assert isinstance(key, Ed25519PublicKey)
    return verifier_key(row.origin, key)
