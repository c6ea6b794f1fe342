"""Reading an RFC 3161 timestamp token, and checking that it is whole."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from asn1crypto.cms import CMSAttributes, ContentInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.trust import read_certificate

_MAX_TOKEN = 32 * 1024
_MOST_CARRIED = 10  # certificates of one token: each is tried against all, and who forges a file may add some
_LEAST_RSA = 2048  # bits
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_UNREADABLE = "l’horodatage est illisible"
_SET_OF = b"\x31"
_WHOLE_BYTES = b"\0"  # how many bits of a BIT STRING's last byte do not count


@dataclass(frozen=True)
class Token:
    """The contents of a token; ``imprint`` is the digest's name and value, ``content`` the signed part (DER)."""

    at: datetime
    imprint: tuple[str, bytes]
    content: bytes
    signed: Any
    certificates: tuple[x509.Certificate, ...]

    @property
    def signer_info(self) -> Any:
        """Return the one signer's part: the signed attributes, their signature, and what surrounds them."""
        return self.signed["signer_infos"][0]


def read_timestamp(token: bytes) -> Token:
    """Read a token (DER) without checking it; raises Wrong."""
    if len(token) > _MAX_TOKEN:
        raise Wrong("l’horodatage est d’une taille démesurée")
    try:
        content_info = ContentInfo.load(token, strict=True)
        signed = content_info["content"]
        enclosed = signed["encap_content_info"]
        content = bytes(enclosed["content"].parsed.dump())
        info = tsp.TSTInfo.load(content, strict=True)
        certificates = tuple(read_certificate(each.chosen.dump()) for each in signed["certificates"])
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
        read = Token(info["gen_time"].native, stated, content, signed, certificates)
    except Exception as error:
        raise Wrong(_UNREADABLE) from error  # hostile bytes: parsers raise whatever they like
    if not plain:
        raise Wrong(_UNREADABLE)
    return read


def check_signer(token: Token) -> x509.Certificate:
    """Check a token's signature; return the certificate of the key that made it. Raises Wrong."""
    try:
        attributes = token.signer_info["signed_attrs"]
        digest_name = token.signer_info["digest_algorithm"]["algorithm"].native
        algorithm = _DIGESTS[digest_name]
        content_digest = hashlib.new(digest_name, token.content).digest()
        stated = (_only(attributes, "content_type"), _only(attributes, "message_digest"))
        signer = _named_signer(token, attributes)
        _check_token_value(signer, token.signer_info, _SET_OF + attributes.dump()[1:], algorithm)
        plain = _is_plain(token.signed, digest_name) and _names_signer(token.signer_info, signer)
    except Wrong:
        raise
    except Exception as error:
        raise Wrong(_UNREADABLE) from error
    if stated != ("tst_info", content_digest):
        raise Wrong("l’horodatage a été altéré")
    if not plain:
        raise Wrong("l’horodatage porte autre chose que ce que son autorité y a mis")
    return signer


def _is_plain(signed: Any, digest: str) -> bool:
    """Return whether the parts around the signed attributes, which no signature covers, are as they must be."""
    info = signed["signer_infos"][0]
    stated = [*signed["digest_algorithms"], info["digest_algorithm"], info["signature_algorithm"]]
    names = [algorithm["algorithm"].native for algorithm in stated]
    return (
        signed["version"].native == "v3"
        and len(names) == 3
        and names[:2] == [digest, digest]
        and names[2] in {f"{digest}_ecdsa", f"{digest}_rsa", "rsassa_pkcs1v15"}
        and all(algorithm["parameters"].native is None for algorithm in stated)
        and signed["crls"].native is None
        and info["unsigned_attrs"].native is None
    )


def _names_signer(signer_info: Any, signer: x509.Certificate) -> bool:
    """Return whether the token names its signer as the certificate does."""
    stated, certificate = signer_info["sid"], asn1_x509.Certificate.load(signer.public_bytes(Encoding.DER))
    if stated.name == "issuer_and_serial_number":
        pair = (stated.chosen["issuer"].dump(), stated.chosen["serial_number"].native)
        return (signer_info["version"].native, pair) == (
            "v1",
            (certificate.issuer.dump(), certificate.serial_number),
        )
    return (signer_info["version"].native, stated.native) == ("v3", certificate.key_identifier)


def _only(attributes: CMSAttributes, name: str) -> Any:
    """Return the one value of the one attribute of that name; raises IndexError otherwise."""
    values = [each["values"] for each in attributes if each["type"].native == name]
    if len(values) != 1 or len(values[0]) != 1:
        raise IndexError(name)
    return values[0][0].native


def _named_signer(token: Token, attributes: CMSAttributes) -> x509.Certificate:
    """Return the certificate that the signed attributes name by its hash (RFC 5035, or the older RFC 2634)."""
    kinds = [certificate["type"].native for certificate in attributes]
    if "signing_certificate_v2" in kinds:
        named = _only(attributes, "signing_certificate_v2")["certs"][0]
        algorithm = (named["hash_algorithm"] or {"algorithm": "sha256"})["algorithm"]
    else:
        named, algorithm = _only(attributes, "signing_certificate")["certs"][0], "sha1"
    for certificate in token.certificates:
        data = certificate.public_bytes(Encoding.DER)
        if hashlib.new(algorithm, data).digest() == named["cert_hash"]:
            return certificate
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
