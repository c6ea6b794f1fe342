"""The link of a pupil's search for a placement: the draft's identifier and its seal under the service's secret.

It opens one log of calls and nothing else, dies when the draft leaves, and is printed again as often as one likes: no
account, no row. A new ``PFMP_SECRET_KEY`` ends all of them.
"""

import base64
import binascii
import hmac
import uuid
from hashlib import sha256

from flask import url_for

from pfmp_saas.portals.context import settings

_SEAL = 16
_FOR = b"search:"


def token_of(convention_id: uuid.UUID) -> str:
    """Return the secret part of the link of a draft's search: 43 characters."""
    return base64.urlsafe_b64encode(convention_id.bytes + _seal(convention_id)).rstrip(b"=").decode()


def link_of(convention_id: uuid.UUID) -> str:
    """Return the whole link, for a QR or a mail."""
    return settings().base_url + url_for("searches.show", token=token_of(convention_id))


def opened(token: str) -> uuid.UUID | None:
    """Return the draft that a link opens; None for a link that we did not make."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        convention_id = uuid.UUID(bytes=raw[:16])
    except (binascii.Error, ValueError):
        return None
    good = hmac.compare_digest(raw[16:], _seal(convention_id))
    return convention_id if good and token == token_of(convention_id) else None


def _seal(convention_id: uuid.UUID) -> bytes:
    return hmac.new(settings().secret_key.encode(), _FOR + convention_id.bytes, sha256).digest()[:_SEAL]
