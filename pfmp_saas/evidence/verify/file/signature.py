"""Checking one signature: its bytes are those that were signed, by the key of the certificate it carries."""

import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

from asn1crypto.cms import ContentInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from pfmp_saas.documents.sealing.cms import build, low, signed_attributes
from pfmp_saas.evidence.verify.file.document import Signature
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.trust import read_certificate

_MAX_HOLE = 64 * 1024
_CHAIN = 3  # signer, school's authority, root


@dataclass(frozen=True)
class Signed:
    """The contents of a signature's CMS; ``stamp`` is the RFC 3161 token over its value, ``whole`` all of it, in DER."""

    signer: x509.Certificate
    authority: x509.Certificate
    root: x509.Certificate
    signature: bytes
    stamp: bytes | None
    whole: bytes

    @property
    def path(self) -> tuple[x509.Certificate, x509.Certificate, x509.Certificate]:
        """Return signer, authority, root."""
        return self.signer, self.authority, self.root


def check_intact(pdf: bytes, signature: Signature) -> Signed:
    """Check digest, attributes, signature value, and that nothing else hides in the CMS; raises Wrong."""
    signed = read_cms(pdf, signature)
    chain = (signed.authority, signed.root)
    attributes = signed_attributes(signed_digest(pdf, signature), signed.signer, chain)
    public = signed.signer.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise Wrong(f"la clé du champ « {signature.label} » n’est pas de l’espèce attendue")
    try:
        public.verify(signed.signature, attributes, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Wrong(f"les octets signés dans « {signature.label} » ont changé depuis") from error
    rebuilt = build(attributes, low(signed.signature), signed.signer, chain, signed.stamp)
    if rebuilt != signed.whole:
        raise Wrong(f"la signature de « {signature.label} » porte autre chose que ce qu’elle doit")
    return signed


def hole(pdf: bytes, signature: Signature) -> bytes:
    """Return the bytes that the signature leaves out: its own value in hexadecimal, padded with zeros; raises Wrong."""
    first, length, second, rest = signature.byte_range
    gap = pdf[length:second]
    placed = first == 0 and 0 < length < second and second + rest <= len(pdf) and len(gap) <= _MAX_HOLE
    if not placed or gap[:1] != b"<" or gap[-1:] != b">":
        raise Wrong(f"l’étendue signée de « {signature.label} » laisse de côté autre chose que sa signature")
    return gap[1:-1]


def read_cms(pdf: bytes, signature: Signature) -> Signed:
    """Read the CMS of a signature without checking it; raises Wrong when it is unreadable."""
    info = _read_hole(pdf, signature)
    try:
        content = info["content"]
        signer_info = content["signer_infos"][0]
        stamp, value = _stamp(signer_info["unsigned_attrs"]), signer_info["signature"].native
        certificates = [read_certificate(each.chosen.dump()) for each in content["certificates"]]
    except Exception as error:  # hostile bytes: parsers raise whatever they like
        raise Wrong(f"la signature de « {signature.label} » est illisible") from error
    if len(certificates) != _CHAIN:
        raise Wrong(f"la signature de « {signature.label} » n’a pas la forme attendue")
    return Signed(*_ordered(certificates, signature.label), value, stamp, info.dump())


def read_token(pdf: bytes, signature: Signature) -> bytes:
    """Return the timestamp token (DER) of a document timestamp, without checking it; raises Wrong."""
    return bytes(_read_hole(pdf, signature).dump())


def signed_digest(pdf: bytes, signature: Signature) -> bytes:
    """Return the SHA-256 of what a signature covers."""
    first, length, second, rest = signature.byte_range
    digest = hashlib.sha256(memoryview(pdf)[first : first + length])
    digest.update(memoryview(pdf)[second : second + rest])
    return digest.digest()


def _read_hole(pdf: bytes, signature: Signature) -> ContentInfo:
    """Read the DER value in a signature's hole: capital digits, then zeros, the same that the parser saw; raises Wrong."""
    digits = hole(pdf, signature)
    try:
        raw = binascii.unhexlify(digits)
        info = ContentInfo.load(raw)
        start = info.dump()
        same = signature.value.raw_get("/Contents").original_bytes == raw
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Wrong(f"la signature de « {signature.label} » est illisible") from error
    plain = raw.hex().upper().encode() == digits and not any(raw[len(start) :]) and raw.startswith(start)
    if not plain or not same:
        raise Wrong(f"la signature de « {signature.label} » n’a pas la forme attendue")
    return info


def _stamp(attributes: Any) -> bytes | None:
    """Return the timestamp among the unsigned attributes; whatever else is there fails when the CMS is rebuilt."""
    for attribute in attributes:
        if attribute["type"].native == "signature_time_stamp_token":
            return bytes(attribute["values"][0].dump())
    return None


def _ordered(
    certificates: list[x509.Certificate], label: str
) -> tuple[x509.Certificate, x509.Certificate, x509.Certificate]:
    """Put three certificates in the order signer, authority, root."""
    roots = [each for each in certificates if each.subject == each.issuer]
    for root in roots[:1]:
        authorities = [each for each in certificates if each.issuer == root.subject and each is not root]
        signers = [each for each in certificates if each is not root and each not in authorities]
        if len(authorities) == 1 and len(signers) == 1:
            return signers[0], authorities[0], root
    raise Wrong(f"la signature de « {label} » ne porte pas la suite de certificats attendue")
