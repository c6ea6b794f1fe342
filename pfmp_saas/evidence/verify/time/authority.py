"""Checking the authority of a timestamp: the path from the certificate that signed the token to a trusted one."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from pfmp_saas.evidence.verify.report import Wrong

_LONGEST_PATH = 4


class UnknownAuthority(Wrong):
    """The token is whole, and the reader trusts no authority above it."""


def check_path(
    signer: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    at: datetime,
) -> None:
    """Check the path from the timestamping certificate to an anchor, all valid at the time stated; raises Wrong."""
    _check_purpose(signer)
    current, steps = signer, 0
    while True:
        if not current.not_valid_before_utc <= at <= current.not_valid_after_utc:
            raise Wrong("un certificat de l’autorité d’horodatage n’était pas valable à l’heure indiquée")
        if current in anchors:
            return
        issuer = next((each for each in (*anchors, *certificates) if _issued(each, current)), None)
        steps += 1
        if issuer is None or steps > _LONGEST_PATH:
            raise UnknownAuthority("l’horodatage vient d’une autorité qui n’est pas de confiance")
        current = issuer


def vouched(
    certificates: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """Return the certificates of a token that an anchor, another of them or their own key signed.

    The token's signature does not cover them: one that nobody signed may be anything.
    """
    issuers = [*certificates, *anchors]
    signed = [
        each for each in certificates if each in anchors or any(_verifies(each, other) for other in issuers)
    ]
    return signed if len(signed) == len(certificates) else vouched(signed, anchors)


def _check_purpose(signer: x509.Certificate) -> None:
    try:
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise Wrong("le certificat de l’horodatage n’est pas fait pour horodater") from error
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Wrong("le certificat de l’horodatage n’est pas fait pour horodater")


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Return whether one certificate, an authority's, issued another."""
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
