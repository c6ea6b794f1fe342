"""RFC 3161 timestamps: does this token say when these bytes existed, by an authority that the reader trusts?"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from asn1crypto.cms import CMSAttributes, ContentInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pfmp_saas.evidence.verify.report import Wrong

_STAMP_SKEW = timedelta(minutes=5)
_MAX_TOKEN = 32 * 1024
_LONGEST_PATH = 4
_MOST_CARRIED = 10  # certificates of one token: each is tried against all, and who forges a file may add some
_LEAST_RSA = 2048  # bits
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_BAD_TOKEN = "l’horodatage est illisible"  # noqa: S105 - not a password
_SET_OF = b"\x31"
_WHOLE_BYTES = b"\0"  # how many bits of a BIT STRING's last byte do not count


class UnknownAuthority(Wrong):
    """The token is whole, and its authority is none that the reader trusts."""


@dataclass(frozen=True)
class Stamp:
    """What a good token says: the time (UTC), by whom, and the certificates it came with."""

    at: datetime
    authority: str
    certificates: tuple[x509.Certificate, ...]


@dataclass(frozen=True)
class _Token:
    at: datetime
    imprint: tuple[str, bytes]
    content: bytes
    signed: Any
    certificates: tuple[x509.Certificate, ...]

    @property
    def signer_info(self) -> Any:
        """What the one signer put: the signed attributes, their signature, and what surrounds them."""
        return self.signed["signer_infos"][0]


def imprint_of(data: bytes) -> bytes:
    """Return what a timestamp of these bytes is made over: their SHA-256."""
    return hashlib.sha256(data).digest()


def check_token(token: bytes, digest: bytes) -> x509.Certificate:
    """Check that a token (DER) is whole and made over a SHA-256 ``digest``; returns its signer's certificate, unjudged.

    Raises Wrong.
    """
    read = _read_token(token)
    if read.imprint != ("sha256", digest):
        raise Wrong("l’horodatage porte sur d’autres octets")
    return _check_signed(read)


def check_stamp(token: bytes, digest: bytes, anchors: Sequence[x509.Certificate], now: datetime) -> Stamp:
    """Check a timestamp token (DER) over a SHA-256 ``digest``; ``anchors`` are the authorities trusted.

    An anchor is a root, or the very certificate that signs timestamps. Raises Wrong.
    """
    signer, read = check_token(token, digest), _read_token(token)
    at = read.at
    if not anchors:
        raise UnknownAuthority("aucune autorité d’horodatage de confiance fournie (--tsa)")
    _check_path(signer, read.certificates, anchors, at)
    if len(vouched(read.certificates, anchors)) < len(read.certificates):
        raise Wrong("l’horodatage porte un certificat altéré, ou sans rapport avec son autorité")
    if at > now + _STAMP_SKEW:
        raise Wrong("l’horodatage est daté de l’avenir")
    names = signer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Stamp(at.astimezone(UTC), str(names[0].value) if names else "", read.certificates)


def stamp_time(token: bytes) -> datetime:
    """Return the time (UTC) that a token claims, unjudged; raises Wrong when there is none to read."""
    return _read_token(token).at.astimezone(UTC)


def _read_token(token: bytes) -> _Token:
    if len(token) > _MAX_TOKEN:
        raise Wrong("l’horodatage est d’une taille démesurée")
    try:
        content_info = ContentInfo.load(token, strict=True)
        signed = content_info["content"]
        enclosed = signed["encap_content_info"]
        content = bytes(enclosed["content"].parsed.dump())
        info = tsp.TSTInfo.load(content, strict=True)
        certificates = tuple(
            x509.load_der_x509_certificate(each.chosen.dump()) for each in signed["certificates"]
        )
        plain = (
            content_info["content_type"].native == "signed_data"
            and enclosed["content_type"].native == "tst_info"
            and info["version"].native == "v1"
            and len(signed["signer_infos"]) == 1
            and len(certificates) <= _MOST_CARRIED
            and all(
                each.chosen["signature_value"].contents[:1] == _WHOLE_BYTES for each in signed["certificates"]
            )
        )
        imprint = info["message_imprint"]
        stated = (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native)
        found = _Token(info["gen_time"].native, stated, content, signed, certificates)
    except Exception as error:
        raise Wrong(_BAD_TOKEN) from error  # hostile bytes: parsers raise whatever they like
    if not plain:
        raise Wrong(_BAD_TOKEN)
    return found


def _check_signed(token: _Token) -> x509.Certificate:
    """Check the token's signature; returns the certificate of the key that made it."""
    try:
        attributes = token.signer_info["signed_attrs"]
        digest_name = token.signer_info["digest_algorithm"]["algorithm"].native
        algorithm = _DIGESTS[digest_name]
        content_digest = hashlib.new(digest_name, token.content).digest()
        said = (_only(attributes, "content_type"), _only(attributes, "message_digest"))
        signer = _named_signer(token, attributes)
        _check_token_value(signer, token.signer_info, _SET_OF + attributes.dump()[1:], algorithm)
        plain = _is_plain(token.signed, digest_name) and _names_signer(token.signer_info, signer)
    except Wrong:
        raise
    except Exception as error:
        raise Wrong(_BAD_TOKEN) from error
    if said != ("tst_info", content_digest):
        raise Wrong("l’horodatage a été altéré")
    if not plain:
        raise Wrong("l’horodatage porte autre chose que ce que son autorité y a mis")
    return signer


def _is_plain(signed: Any, digest: str) -> bool:
    """Tell whether what surrounds the signed attributes is as it must be: no signature covers it."""
    info = signed["signer_infos"][0]
    stated = [*signed["digest_algorithms"], info["digest_algorithm"], info["signature_algorithm"]]
    names = [each["algorithm"].native for each in stated]
    return (
        signed["version"].native == "v3"
        and len(names) == 3
        and names[:2] == [digest, digest]
        and names[2] in {f"{digest}_ecdsa", f"{digest}_rsa", "rsassa_pkcs1v15"}
        and all(each["parameters"].native is None for each in stated)
        and signed["crls"].native is None
        and info["unsigned_attrs"].native is None
    )


def _names_signer(signer_info: Any, signer: x509.Certificate) -> bool:
    """Tell whether the token says who signed as its certificate does."""
    said, theirs = signer_info["sid"], asn1_x509.Certificate.load(signer.public_bytes(Encoding.DER))
    if said.name == "issuer_and_serial_number":
        pair = (said.chosen["issuer"].dump(), said.chosen["serial_number"].native)
        return (signer_info["version"].native, pair) == ("v1", (theirs.issuer.dump(), theirs.serial_number))
    return (signer_info["version"].native, said.native) == ("v3", theirs.key_identifier)


def vouched(
    certificates: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """Return those certificates of a token that an anchor, another of them or their own key signed.

    The token's signature does not cover them: one that nobody signed may be anything.
    """
    issuers = [*certificates, *anchors]
    kept = [
        each for each in certificates if each in anchors or any(_verifies(each, other) for other in issuers)
    ]
    return kept if len(kept) == len(certificates) else vouched(kept, anchors)


def _only(attributes: CMSAttributes, name: str) -> Any:
    """Return the one value of the one attribute of that name; raises IndexError otherwise."""
    values = [each["values"] for each in attributes if each["type"].native == name]
    if len(values) != 1 or len(values[0]) != 1:
        raise IndexError(name)
    return values[0][0].native


def _named_signer(token: _Token, attributes: CMSAttributes) -> x509.Certificate:
    """Return the certificate that the signed attributes name by its hash (RFC 5035, or the older RFC 2634)."""
    kinds = [each["type"].native for each in attributes]
    if "signing_certificate_v2" in kinds:
        named = _only(attributes, "signing_certificate_v2")["certs"][0]
        algorithm = (named["hash_algorithm"] or {"algorithm": "sha256"})["algorithm"]
    else:
        named, algorithm = _only(attributes, "signing_certificate")["certs"][0], "sha1"
    for each in token.certificates:
        data = each.public_bytes(Encoding.DER)
        if hashlib.new(algorithm, data).digest() == named["cert_hash"]:
            return each
    raise Wrong("l’horodatage ne porte pas le certificat de son autorité")


def _check_token_value(
    signer: x509.Certificate, signer_info: Any, signed: bytes, algorithm: hashes.HashAlgorithm
) -> None:
    public, value = signer.public_key(), signer_info["signature"].native
    try:
        if isinstance(public, rsa.RSAPublicKey) and public.key_size >= _LEAST_RSA:
            public.verify(value, signed, padding.PKCS1v15(), algorithm)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(value, signed, ec.ECDSA(algorithm))
        else:
            raise Wrong("l’horodatage emploie une clé inattendue")
    except InvalidSignature as error:
        raise Wrong("l’horodatage a été altéré") from error


def _check_path(
    signer: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    at: datetime,
) -> None:
    """Check the path from the timestamping certificate to an anchor, all valid at the time stated."""
    _check_purpose(signer)
    current, steps = signer, 0
    while True:
        if not current.not_valid_before_utc <= at <= current.not_valid_after_utc:
            raise Wrong("un certificat de l’autorité d’horodatage n’était pas valable à l’heure indiquée")
        if current in anchors:
            return
        issuer = next((each for each in (*anchors, *certificates) if _made(each, current)), None)
        steps += 1
        if issuer is None or steps > _LONGEST_PATH:
            raise UnknownAuthority("l’horodatage vient d’une autorité qui n’est pas de confiance")
        current = issuer


def _check_purpose(signer: x509.Certificate) -> None:
    try:
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise Wrong("le certificat de l’horodatage n’est pas fait pour horodater") from error
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Wrong("le certificat de l’horodatage n’est pas fait pour horodater")


def _made(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tell whether one certificate, an authority's, issued another."""
    if issuer == certificate:
        return False
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    return constraints.ca and _verifies(certificate, issuer)


def _verifies(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
