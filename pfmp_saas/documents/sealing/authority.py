"""Certificates: one root, one authority per school, one certificate per act whose key signs once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from pfmp_saas.documents.sealing.names import SEAL_CAPACITY, UAI_PREFIX, shortened
from pfmp_saas.documents.sealing.values import SealingError

_AUTHORITY_LIFE = timedelta(days=10957)
_CLOCK_SKEW = timedelta(minutes=5)
_ACT_LIFE = timedelta(days=400)
"""The key is gone once it has signed. The certificate outlives the closing, so that what proves it unrevoked (a list in
the closed file) dates from its lifetime: without that no long-term validation (ETSI EN 319 102-1) succeeds."""
_LIST_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Issuer:
    """An authority that can issue: its certificate, its root's, and its private key in clear, in memory only.

    ``root_list_pem`` is the root's revocation list when it issued this authority; empty for the root itself.
    """

    certificate_pem: str
    root_pem: str
    key_pem: bytes = field(repr=False)
    root_list_pem: str = ""


@dataclass(frozen=True)
class SignerIdentity:
    """The signer's names that go into the certificate. ``capacity`` is French, ``uai`` the school's number."""

    name: str
    capacity: str
    tenant: str
    uai: str
    email: str | None = None


class OneTimeKey:
    """A certificate for one act and its private key, which signs once and is then forgotten."""

    def __init__(
        self,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
        key: ec.EllipticCurvePrivateKey,
    ) -> None:
        self.certificate = certificate
        self.chain = chain
        self._key: ec.EllipticCurvePrivateKey | None = key

    def sign_once(self, data: bytes) -> bytes:
        """Return the ECDSA P-256 SHA-256 signature (DER) of ``data``; raises SealingError the second time."""
        key, self._key = self._key, None
        if key is None:
            raise SealingError("cette clé a déjà signé")
        return key.sign(data, ec.ECDSA(SHA256()))


def make_root(name: str, now: datetime) -> Issuer:
    """Make the platform's self-signed root, valid thirty years from ``now`` (UTC)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _names((NameOID.ORGANIZATION_NAME, name), (NameOID.COMMON_NAME, f"{name} — racine"))
    certificate = _authority(subject, subject, key, key, now=now, depth=1)
    pem = certificate.public_bytes(Encoding.PEM).decode()
    return Issuer(pem, pem, _key_pem(key))


def make_tenant_authority(root: Issuer, tenant_name: str, uai: str, now: datetime) -> Issuer:
    """Make a school's authority under the root; it may issue certificates of people, not of authorities."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _names(
        (NameOID.ORGANIZATION_NAME, tenant_name),
        (NameOID.ORGANIZATION_IDENTIFIER, UAI_PREFIX + uai),
        (NameOID.COMMON_NAME, f"Autorité de signature — {tenant_name}"),
    )
    certificate = _authority(
        subject, _certificate(root.certificate_pem).subject, key, _key(root), now=now, depth=0
    )
    root_list = revocation_list(root, now - _CLOCK_SKEW, _AUTHORITY_LIFE).public_bytes(Encoding.PEM).decode()
    pem = certificate.public_bytes(Encoding.PEM).decode()
    return Issuer(pem, root.certificate_pem, _key_pem(key), root_list)


def issue_signer(authority: Issuer, who: SignerIdentity, now: datetime) -> OneTimeKey:
    """Issue a certificate for one signer and one act, valid from five minutes before ``now`` for 400 days."""
    return OneTimeKey(*issue_with_key(authority, who, now))


def issue_with_key(
    authority: Issuer, who: SignerIdentity, now: datetime
) -> tuple[x509.Certificate, tuple[x509.Certificate, ...], ec.EllipticCurvePrivateKey]:
    """Issue a signer's certificate as :func:`issue_signer` does; return it, its chain and the key, for tools that need the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = _certificate(authority.certificate_pem)
    subject = _names(
        (NameOID.ORGANIZATION_NAME, who.tenant),
        (NameOID.ORGANIZATION_IDENTIFIER, UAI_PREFIX + who.uai),
        (NameOID.TITLE, who.capacity),
        (NameOID.COMMON_NAME, who.name),
    )
    builder = _builder(subject, issuer.subject, key, now, _ACT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs=True), critical=True)
    builder = builder.add_extension(_issued_by(issuer.public_key()), critical=False)
    if who.email and who.email.isascii():  # an RFC 822 name can't carry other letters
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.RFC822Name(who.email)]), critical=False
        )
    certificate = builder.sign(_key(authority), SHA256())
    return certificate, (issuer, _certificate(authority.root_pem)), key


def issue_log_certificate(
    root: Issuer, public: ed25519.Ed25519PublicKey, origin: str, now: datetime
) -> x509.Certificate:
    """Vouch for the key that signs one log’s checkpoints, valid thirty years from ``now`` (UTC); ``origin`` is the log's name."""
    issuer = _certificate(root.certificate_pem)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, origin)]))
        .issuer_name(issuer.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + _AUTHORITY_LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_issued_by(issuer.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(_key(root), SHA256())
    )


def issue_seal(authority: Issuer, tenant: str, uai: str, now: datetime) -> OneTimeKey:
    """Issue the school's seal for one certification."""
    return issue_signer(authority, SignerIdentity(tenant, SEAL_CAPACITY, tenant, uai), now)


def revocation_list(
    authority: Issuer, now: datetime, life: timedelta = _LIST_LIFE
) -> x509.CertificateRevocationList:
    """Return the authority's list of revoked certificates at ``now`` (UTC). It is empty: each key signs once and is gone.

    The root, which is offline, gives one for the ``life`` of the authority it issues.
    """
    builder = x509.CertificateRevocationListBuilder(
        _certificate(authority.certificate_pem).subject, now, now + life
    )
    return (
        builder.add_extension(_issued_by(_key(authority).public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .sign(_key(authority), SHA256())
    )


def revocation_lists(authority: Issuer, now: datetime) -> list[x509.CertificateRevocationList]:
    """Return both revocation lists: they prove that neither an act's certificate nor the authority's own was revoked."""
    root_list = authority.root_list_pem
    above = [x509.load_pem_x509_crl(root_list.encode())] if root_list else []
    return [revocation_list(authority, now), *above]


def _authority(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    now: datetime,
    depth: int,
) -> x509.Certificate:
    builder = _builder(subject, issuer, key, now, _AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    builder = builder.add_extension(_issued_by(issuer_key.public_key()), critical=False)
    return builder.sign(issuer_key, SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _issued_by(public: object) -> x509.AuthorityKeyIdentifier:
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise SealingError("l’autorité n’a pas de clé P-256")
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(public)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _names(*pairs: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")
    return x509.Name([country, *(x509.NameAttribute(oid, _written(text)) for oid, text in pairs)])


def _written(text: str) -> str:
    """Return a text as a certificate carries it; raises SealingError for an empty one."""
    written = shortened(text)
    if not written:
        raise SealingError("un certificat ne peut pas porter un nom vide")
    return written


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _key(issuer: Issuer) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(issuer.key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SealingError("l’autorité n’a pas de clé P-256")
    return key


@lru_cache(maxsize=256)
def _certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())
