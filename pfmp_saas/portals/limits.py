"""Rate limits, counted in Valkey so that several web servers share them; in each one's memory while Valkey is away."""

from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

_PATIENCE = 0.25
"""Seconds that a request waits for Valkey at most: it is asked again less and less often while it does not answer."""
_OPTIONS: Any = {"socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE}
limiter = Limiter(
    key_func=get_remote_address,
    default_limits=[],
    in_memory_fallback_enabled=True,
    swallow_errors=True,
    storage_options=_OPTIONS,
)
