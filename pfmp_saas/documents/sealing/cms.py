"""The CMS of one PAdES B-B signature, as DER.

Written out by hand because it never changes but for five values: a general encoder spends most of a
signature's time on it. The verifier rebuilds it from those values and compares every byte, so nothing
can hide in a certificate set, an attribute or a padding.
"""

import hashlib

from asn1crypto.core import ObjectIdentifier
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
STAMP_ROOM = 10_000  # bytes of a timestamp token at most: those of public authorities take 2 to 8 thousand
_LONGEST_SIGNATURE = 72  # bytes of a P-256 signature in DER
_SEQUENCE, _SET, _OCTETS, _INTEGER, _CONTEXT_0, _CONTEXT_1 = 0x30, 0x31, 0x04, 0x02, 0xA0, 0xA1


def tlv(tag: int, *parts: bytes) -> bytes:
    """Return one DER value: tag, length, and the parts joined."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def low(signature: bytes) -> bytes:
    """Return the one of ECDSA's two equivalent values (P-256, DER) whose s is the lower.

    Anyone can turn one into the other without the key; keeping to one leaves no byte that may change.
    """
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _P256_ORDER - s))


def _oid(dotted: str) -> bytes:
    return bytes(ObjectIdentifier(dotted).dump())


def der(certificate: x509.Certificate) -> bytes:
    """Return a certificate's DER."""
    return certificate.public_bytes(Encoding.DER)


def _attribute(oid: bytes, value: bytes) -> bytes:
    return tlv(_SEQUENCE, oid, tlv(_SET, value))


_DATA = _oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = _oid("1.2.840.113549.1.7.2")
_MESSAGE_DIGEST = _oid("1.2.840.113549.1.9.4")
_TIME_STAMP_TOKEN = _oid("1.2.840.113549.1.9.16.2.14")
_SIGNING_CERTIFICATE_V2 = _oid("1.2.840.113549.1.9.16.2.47")
_SHA256 = tlv(_SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = tlv(_SEQUENCE, _oid("1.2.840.10045.4.3.2"))
_VERSION_1 = tlv(_INTEGER, b"\x01")
_CONTENT_TYPE_ATTRIBUTE = _attribute(_oid("1.2.840.113549.1.9.3"), _DATA)
# RFC 6211: binds the two algorithms. Its [1] is an implicitly tagged AlgorithmIdentifier.
_PROTECTION_ATTRIBUTE = _attribute(
    _oid("1.2.840.113549.1.9.52"), tlv(_SEQUENCE, _SHA256, bytes((_CONTEXT_1,)) + _ECDSA_SHA256[1:])
)


def signed_attributes(digest: bytes, signer: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> bytes:
    """Return what is signed: the SET of attributes over a SHA-256 ``digest``, bound to the signer's path.

    PAdES (ETSI EN 319 142-1, 6.3) wants signing-certificate-v2 and forbids signing-time: the time is the
    dictionary's /M. The attribute names the chain too (RFC 5035, 3): an embedded authority can't be swapped.
    """
    path = [tlv(_SEQUENCE, tlv(_OCTETS, hashlib.sha256(der(each)).digest())) for each in (signer, *chain)]
    attributes = (
        _CONTENT_TYPE_ATTRIBUTE,
        _attribute(_MESSAGE_DIGEST, tlv(_OCTETS, digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, tlv(_SEQUENCE, tlv(_SEQUENCE, *path))),
        _PROTECTION_ATTRIBUTE,
    )
    return tlv(_SET, *sorted(attributes))


def build(
    attributes: bytes,
    signature: bytes,
    signer: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    stamp: bytes | None = None,
) -> bytes:
    """Return the ContentInfo in DER: signed attributes as made above, ECDSA signature, signer and chain.

    ``stamp`` is an RFC 3161 token over the signature value: PAdES B-T with it, B-B without.
    """
    serial = signer.serial_number
    identifier = tlv(
        _SEQUENCE,
        signer.issuer.public_bytes(),
        tlv(_INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1, "big")),
    )
    signer_info = tlv(
        _SEQUENCE,
        _VERSION_1,
        identifier,
        _SHA256,
        bytes((_CONTEXT_0,)) + attributes[1:],
        _ECDSA_SHA256,
        tlv(_OCTETS, signature),
        *([tlv(_CONTEXT_1, _attribute(_TIME_STAMP_TOKEN, stamp))] if stamp else []),
    )
    certificates = sorted(der(certificate) for certificate in (signer, *chain))
    signed_data = tlv(
        _SEQUENCE,
        _VERSION_1,
        tlv(_SET, _SHA256),
        tlv(_SEQUENCE, _DATA),
        tlv(_CONTEXT_0, *certificates),
        tlv(_SET, signer_info),
    )
    return tlv(_SEQUENCE, _SIGNED_DATA, tlv(_CONTEXT_0, signed_data))


def room(signer: x509.Certificate, chain: tuple[x509.Certificate, ...], *, stamped: bool = False) -> int:
    """Return how many hexadecimal digits the CMS of this path takes at most.

    Nothing but the signature's length varies, and the timestamp's where there is one.
    """
    attributes = signed_attributes(bytes(hashlib.sha256().digest_size), signer, chain)
    stamp = bytes(STAMP_ROOM) if stamped else None
    return 2 * len(build(attributes, bytes(_LONGEST_SIGNATURE), signer, chain, stamp))
