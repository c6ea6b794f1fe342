"""Addresses that are keys: an identifier and its seal under the service's secret, for one purpose. No row, no account.

They cannot be revoked one by one: what they open says when they die. A new ``PFMP_SECRET_KEY`` ends all of them.
"""

import base64
import binascii
import hmac
import uuid
from hashlib import sha256

from pfmp_saas.portals.context import settings

_BYTES = 16


def sealed(purpose: str, row_id: uuid.UUID, school: str = "") -> str:
    """Return the secret part of an address: 43 characters. ``school`` is the UAI number that it is bound to."""
    return sealed_with(settings().secret_key, purpose, row_id, school)


def sealed_with(secret_key: str, purpose: str, row_id: uuid.UUID, school: str = "") -> str:
    """As :func:`sealed`, outside a request."""
    named = f"{purpose}:{school.upper()}:".encode() + row_id.bytes
    seal = hmac.new(secret_key.encode(), named, sha256).digest()[:_BYTES]
    return base64.urlsafe_b64encode(row_id.bytes + seal).rstrip(b"=").decode()


def opened(purpose: str, token: str, school: str = "") -> uuid.UUID | None:
    """Return the identifier that an address opens; None for one that we did not make for this purpose and school."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        row_id = uuid.UUID(bytes=raw[:_BYTES])
    except (binascii.Error, ValueError):
        return None
    return row_id if hmac.compare_digest(token.encode(), sealed(purpose, row_id, school).encode()) else None
