"""pyHanko called in the usual way, to measure ours beside it: the same file, field, certificate and level."""

from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pfmp_saas.documents.sealing.authority import Issuer, SignerIdentity, issue_with_key


def sign_plainly(pdf: bytes, field: str, authority: Issuer, who: SignerIdentity, now: datetime) -> bytes:
    """Issue a certificate and sign a field by pyHanko's own signer, nothing tuned; return the file."""
    certificate, chain, key = issue_with_key(authority, who, now)
    signer = signers.SimpleSigner(
        signing_cert=_theirs(certificate), signing_key=_key(key), cert_registry=_store(chain)
    )
    metadata: Any = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=who.name
    )
    untyped: Any = signers
    output: BytesIO = untyped.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer)
    return output.getvalue()


def verify_plainly(pdf: bytes, root_pem: str, at: datetime) -> int:
    """Validate every signature by pyHanko, nothing tuned; return how many it trusts."""
    root = _theirs(x509.load_pem_x509_certificate(root_pem.encode()))
    untyped: Any = PdfFileReader(BytesIO(pdf))
    good = 0
    for signature in untyped.embedded_signatures:
        context = ValidationContext(trust_roots=[root], moment=at, allow_fetching=False)
        good += bool(validate_pdf_signature(signature, context).bottom_line)
    return good


def _theirs(certificate: x509.Certificate) -> Certificate:
    found: Certificate = Certificate.load(certificate.public_bytes(Encoding.DER))
    return found


def _key(key: ec.EllipticCurvePrivateKey) -> PrivateKeyInfo:
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    found: PrivateKeyInfo = PrivateKeyInfo.load(der)
    return found


def _store(chain: tuple[x509.Certificate, ...]) -> SimpleCertificateStore:
    made: Any = SimpleCertificateStore
    store = made()
    store.register_multiple(_theirs(each) for each in chain)
    kept: SimpleCertificateStore = store
    return kept
