"""Mail servers to be spoken to: what they keep, and certificates for them."""

import ipaddress
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pfmp_saas.core.clock import utc_now

DAY = timedelta(days=1)


class Kept:
    """Keeps what a server took; refuses whoever is named « refuse »."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def recipient(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("refuse"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def content(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "554 full" if b"plein" in envelope.content else "250 OK"


def certificate(folder: Path, address: str = "127.0.0.1", life: timedelta = DAY) -> Path:
    """Return the file of a certificate of that address, its key behind it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")]),
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    begins = utc_now() - 10 * DAY
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(begins + 10 * DAY + life)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    file = folder / "serveur.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return file
