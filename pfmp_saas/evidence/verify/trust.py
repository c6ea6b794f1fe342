"""Checking certificates: each was issued by the school's authority, itself issued by a root that the reader trusts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID, NameOID, SignatureAlgorithmOID

from pfmp_saas.documents.sealing.names import UAI_PREFIX
from pfmp_saas.evidence.verify.report import Wrong

_CLOCK_SKEW = timedelta(minutes=5)
_KNOWN_CRITICAL = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE}


class BadRoot(Wrong):
    """The bytes are not certificates in PEM."""


def load_roots(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Read the certificates of a PEM file; raises BadRoot."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise BadRoot("la racine de confiance n’est pas un certificat au format PEM") from error


def read_certificate(der: bytes) -> x509.Certificate:
    """Read a certificate that a file carries; raises ValueError, whatever the library lets pass for now (RFC 5280, 4.1.2.2)."""
    if asn1_x509.Certificate.load(der).serial_number <= 0:
        raise ValueError("le numéro de série d’un certificat est un nombre positif")
    return x509.load_der_x509_certificate(der)


def named(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    """Return one name of a certificate's subject, or an empty text."""
    values = certificate.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if len(values) == 1 else ""


def school_number(certificate: x509.Certificate) -> str:
    """Return the school's UAI number that a certificate carries, or an empty text."""
    number = named(certificate, NameOID.ORGANIZATION_IDENTIFIER)
    return number.removeprefix(UAI_PREFIX) if number.startswith(UAI_PREFIX) else ""


def check_trust(
    path: tuple[x509.Certificate, x509.Certificate, x509.Certificate],
    roots: Sequence[x509.Certificate],
    *,
    at: datetime | None,
    now: datetime,
    tenant: str,
) -> None:
    """Check the certificates of one signature: signer, authority, root.

    ``at`` is the time that the signature claims, ``now`` the reader's (UTC), ``tenant`` the school's UAI number.
    Raises Wrong.
    """
    signer, authority, root = path
    who = named(signer, NameOID.COMMON_NAME)
    if at is None or at > now + _CLOCK_SKEW:
        raise Wrong(f"la signature de {who} n’a pas de date, ou une date à venir")
    if root not in roots:
        raise Wrong(f"la signature de {who} ne remonte pas à la racine de confiance")
    for certificate, issuer, depth in (
        (signer, authority, None),
        (authority, root, 0),
        (root, root, 1),
    ):
        _check_issued(certificate, issuer, who)
        _check_extensions(certificate, depth, who)
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise Wrong(f"un certificat de la signature de {who} n’était pas valable à la date de signature")
    if school_number(authority) != tenant:
        raise Wrong(f"la signature de {who} vient de l’autorité d’un autre établissement")


def _check_issued(certificate: x509.Certificate, issuer: x509.Certificate, who: str) -> None:
    key = certificate.public_key()
    plain = (
        certificate.signature_algorithm_oid == SignatureAlgorithmOID.ECDSA_WITH_SHA256
        and isinstance(key, ec.EllipticCurvePublicKey)
        and isinstance(key.curve, ec.SECP256R1)
    )
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise Wrong(f"un certificat de la signature de {who} n’a pas été délivré par son autorité") from error
    if not plain:
        raise Wrong(f"un certificat de la signature de {who} emploie un algorithme inattendu")


def _check_extensions(certificate: x509.Certificate, depth: int | None, who: str) -> None:
    """Check that a signer may sign and issue nothing, and that an authority has at most ``depth`` authorities below it."""
    try:
        extensions = certificate.extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise Wrong(f"un certificat de la signature de {who} est mal formé") from error
    issues = depth is not None
    known = {extension.oid for extension in extensions if extension.critical} <= _KNOWN_CRITICAL
    fits = constraints.ca == issues and usage.key_cert_sign == issues and usage.content_commitment != issues
    if not known or not fits or constraints.path_length != depth:
        raise Wrong(f"un certificat de la signature de {who} n’a pas l’usage attendu")


def check_log_key(certificate: x509.Certificate, roots: Sequence[x509.Certificate]) -> None:
    """Check that a trusted root certified a log's key, which may sign and issue nothing; raises Wrong."""
    for root in roots:
        try:
            certificate.verify_directly_issued_by(root)
            _check_extensions(certificate, None, "journal")
        except (InvalidSignature, ValueError, TypeError):
            continue
        return
    raise Wrong("la clé du journal ne remonte pas à la racine de confiance")
