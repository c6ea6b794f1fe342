"""A timestamp authority for the tests: real HTTP, RSA or ECDSA, with a clock and faults that a test may set."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pfmp_saas.core.clock import Clock
from tests.support.clock import still

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
LONG_AGO, FAR_AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


def _key(kind: str) -> Key:
    return (
        ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else rsa.generate_private_key(65537, 2048)
    )


def _certificate(
    subject: str,
    issuer: str,
    key: Key,
    issuer_key: Key,
    *,
    ca: bool,
    purpose: bool = True,
    until: datetime = FAR_AHEAD,
) -> x509.Certificate:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(LONG_AGO)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if not ca and purpose:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key, SHA256())


class Tsa:
    """An authority that reads ``clock``: ``at`` sets its present, ``down`` makes it answer 503, ``refuses`` makes it reject."""

    def __init__(
        self,
        kind: str = "ecdsa",
        name: str = "Horodatage d’essai",
        purpose: bool = True,
        until: datetime = FAR_AHEAD,
        clock: Clock = still,
    ) -> None:
        root_key, self.key = _key(kind), _key(kind)
        self.root = _certificate(f"{name} racine", f"{name} racine", root_key, root_key, ca=True)
        self.certificate = _certificate(
            name, f"{name} racine", self.key, root_key, ca=False, purpose=purpose, until=until
        )
        self.clock, self.at = clock, None
        self.down = self.refuses = False
        self.asked = 0

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def token(self, digest: bytes, at: datetime | None = None, nonce: int | None = None) -> bytes:
        """Return a token (DER) over a SHA-256 digest."""
        return bytes(self._token(digest, at or self.at or self.clock(), nonce).dump())

    def answer(self, query: bytes) -> bytes:
        """Return the response (DER) to a request (DER)."""
        if self.refuses:
            return bytes.fromhex("30053003020102")  # a status alone: rejection
        asked = tsp.TimeStampReq.load(query)
        digest = asked["message_imprint"]["hashed_message"].native
        at = self.at or self.clock()
        token = self._token(digest, at, asked["nonce"].native)
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _token(self, digest: bytes, at: datetime, nonce: int | None) -> Any:
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4.1",
                "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
                "serial_number": x509.random_serial_number(),
                "gen_time": at.replace(microsecond=0),
            }
            | ({"nonce": nonce} if nonce is not None else {})
        )
        der = self.certificate.public_bytes(Encoding.DER)
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(info.dump()).digest()]},
                {"type": "signing_certificate_v2", "values": [_names(der)]},
            ]
        )
        theirs = asn1.Certificate.load(der)
        signer = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {"issuer": theirs.issuer, "serial_number": theirs.serial_number}
            },
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": self._algorithm()},
            "signature": self._sign(attributes.dump()),
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(info.dump()),
            },
            "certificates": [theirs, asn1.Certificate.load(self.root.public_bytes(Encoding.DER))],
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _algorithm(self) -> str:
        return "sha256_ecdsa" if isinstance(self.key, ec.EllipticCurvePrivateKey) else "sha256_rsa"

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(SHA256()))
        return self.key.sign(data, padding.PKCS1v15(), SHA256())

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port of 127.0.0.1; yields the address."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked += 1
                body = b"" if authority.down else authority.answer(query)
                self.send_response(503 if authority.down else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _names(der: bytes) -> Any:
    entry = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(der).digest(),
        }
    )
    return tsp.SigningCertificateV2({"certs": [entry]})
