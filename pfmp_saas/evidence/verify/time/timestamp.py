"""Checking an RFC 3161 timestamp: an authority that the reader trusts says that these bytes existed at a time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID

from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.time.authority import UnknownAuthority, check_path, vouched
from pfmp_saas.evidence.verify.time.token import check_signer, read_timestamp

_STAMP_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Stamp:
    """A token that passed: its time (UTC), its authority's name, and the certificates it came with."""

    at: datetime
    authority: str
    certificates: tuple[x509.Certificate, ...]


def imprint_of(data: bytes) -> bytes:
    """Return the SHA-256 of these bytes: a timestamp is made over it."""
    return hashlib.sha256(data).digest()


def check_token(token: bytes, digest: bytes) -> x509.Certificate:
    """Check that a token (DER) is whole and made over a SHA-256 ``digest``; return its signer's certificate, not checked yet.

    Raises Wrong.
    """
    read = read_timestamp(token)
    if read.imprint != ("sha256", digest):
        raise Wrong("l’horodatage porte sur d’autres octets")
    return check_signer(read)


def check_stamp(token: bytes, digest: bytes, anchors: Sequence[x509.Certificate], now: datetime) -> Stamp:
    """Check a timestamp token (DER) over a SHA-256 ``digest``; ``anchors`` are the authorities trusted.

    An anchor is a root, or the very certificate that signs timestamps. Raises Wrong.
    """
    signer, read = check_token(token, digest), read_timestamp(token)
    at = read.at
    if not anchors:
        raise UnknownAuthority("aucune autorité d’horodatage de confiance fournie (--tsa)")
    check_path(signer, read.certificates, anchors, at)
    if len(vouched(read.certificates, anchors)) < len(read.certificates):
        raise Wrong("l’horodatage porte un certificat altéré, ou sans rapport avec son autorité")
    if at > now + _STAMP_SKEW:
        raise Wrong("l’horodatage est daté de l’avenir")
    names = signer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Stamp(at.astimezone(UTC), str(names[0].value) if names else "", read.certificates)


def stamp_time(token: bytes) -> datetime:
    """Return the time (UTC) that a token claims, without checking it; raises Wrong when there is none to read."""
    return read_timestamp(token).at.astimezone(UTC)
