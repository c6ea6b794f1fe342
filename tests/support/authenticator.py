"""A passkey without a device: what an authenticator and a browser answer, and what an attacker would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey; each attribute may be what an attacker has instead."""

    site: str = "pfmp.example"
    origin: str = "http://pfmp.example"
    verified: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str, **instead: str) -> str:
        """Answer to a demand for a new passkey."""
        client = self._client("webauthn.create", options, instead)
        key = self.key.public_key().public_numbers()
        cose = encode_cbor({1: 2, 3: -7, -1: 1, -2: key.x.to_bytes(32, "big"), -3: key.y.to_bytes(32, "big")})
        held = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        data = self._data(WITH_KEY) + held
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": client, "attestationObject": statement})

    def get(self, options: str, **instead: str) -> str:
        """Answer to a demand to use the passkey."""
        client, data = self._client("webauthn.get", options, instead), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _client(self, kind: str, options: str, instead: dict[str, str]) -> bytes:
        asked = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin}
        return json.dumps(asked | instead).encode()

    def _data(self, flags: int) -> bytes:
        self.count += 1
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential_id)
        encoded = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": encoded})


def other_challenge(options: str) -> str:
    """The same demand with a challenge of the attacker's own."""
    asked = json.loads(options)
    first, *rest = base64url_to_bytes(asked["challenge"])
    return json.dumps(asked | {"challenge": bytes_to_base64url(bytes([first ^ 1, *rest]))})
