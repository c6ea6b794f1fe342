"""Asking a timestamp authority, over HTTP (RFC 3161): a token for a digest, or a failure to be retried."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path

from asn1crypto import tsp
from asn1crypto.cms import ContentInfo
from asn1crypto.parser import parse
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pfmp_saas.evidence.outgoing import post
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.time.authority import vouched
from pfmp_saas.evidence.verify.time.timestamp import check_stamp
from pfmp_saas.evidence.verify.trust import load_roots

_LARGEST_ANSWER = 64 * 1024
_UNREADABLE = "la réponse de l’autorité d’horodatage est illisible"
_GRANTED = {"granted", "granted_with_mods"}


class StampFailed(Exception):
    """No good token came back; the message says why, in French. Our own clock never replaces it: try again later."""


@dataclass(frozen=True)
class TimestampAuthority:
    """A timestamp authority: its address, the certificates that its tokens must lead to, a time limit in seconds."""

    url: str
    anchors: Sequence[x509.Certificate]
    timeout: float = 10.0

    def stamp(self, digest: bytes, now: datetime) -> bytes:
        """Return a token (DER) over a SHA-256 digest, verified; ``now`` is UTC. Raises StampFailed."""
        nonce = secrets.randbits(63)
        try:
            token = _tidied(_token(self._ask(_query(digest, nonce)), nonce), self.anchors)
            check_stamp(token, digest, self.anchors, now)
        except Wrong as error:
            raise StampFailed(str(error)) from error
        return token

    def _ask(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            return post(self.url, query, headers, timeout=self.timeout, largest=_LARGEST_ANSWER)
        except (OSError, HTTPException, ValueError) as error:
            raise StampFailed(f"l’autorité d’horodatage ne répond pas ({error})") from error


def configured(url: str | None, trust: Path | None) -> TimestampAuthority | None:
    """Return the authority that the settings name, or None. Raises BadRoot or OSError for an unusable trust file."""
    if not url or not trust:
        return None
    return TimestampAuthority(url, load_roots(trust.read_bytes()))


def _query(digest: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    query = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    return bytes(query.dump())


def _tidied(token: bytes, anchors: Sequence[x509.Certificate]) -> bytes:
    """Return a token without the parts that no signature covers and nobody can check: the verifier refuses them.

    Authorities add revocation data, or a certificate that links their root to an older one. Raises StampFailed.
    """
    try:
        info = ContentInfo.load(token, strict=True)
        signed = info["content"]
        carried = [
            x509.load_der_x509_certificate(certificate.chosen.dump())
            for certificate in signed["certificates"]
        ]
        vouched_for = {certificate.public_bytes(Encoding.DER) for certificate in vouched(carried, anchors)}
        if len(vouched_for) < len(carried):
            signed["certificates"] = [
                certificate
                for certificate in signed["certificates"]
                if certificate.chosen.dump() in vouched_for
            ]
        for holder, name in ((signed, "crls"), (signed["signer_infos"][0], "unsigned_attrs")):
            if holder[name].native is not None:
                del holder[name]
        return bytes(info.dump())
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise StampFailed(_UNREADABLE) from error


def _token(answer: bytes, nonce: int) -> bytes:
    try:
        status = tsp.PKIStatusInfo.load(parse(answer, strict=True)[4])[
            "status"
        ].native  # a refusal has no token
        if status not in _GRANTED:
            raise StampFailed(f"l’autorité d’horodatage a refusé ({status})")
        token = tsp.TimeStampResp.load(answer, strict=True)["time_stamp_token"]
        if token["content"]["encap_content_info"]["content"].parsed["nonce"].native != nonce:
            raise StampFailed("l’autorité d’horodatage a répondu à une autre demande")
        return bytes(token.dump())
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StampFailed(_UNREADABLE) from error
