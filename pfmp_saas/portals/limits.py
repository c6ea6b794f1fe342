"""Rate limits, counted in Valkey so that several web servers share them; in each one's memory while Valkey is away.

A class of thirty signs behind one address of the school: what goes well is counted for a link or an account, and an
address is held to its failures only. Valkey is given hashes: neither an address nor a secret.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits import parse
from redis.exceptions import RedisError

from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.errors import DomainError
from pfmp_saas.portals.context import undo

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
HALF = "half"
"""What the cookie keeps of a sign-in that awaits its second factor: its secret, and whose account it is."""
_FAILURES = "100 per 15 minutes"
_GUESSES = parse(_FAILURES)
SLOWED = "Vous avez fait trop d’essais en peu de temps. Attendez un quart d’heure, puis réessayez."
_FAILURE_CODES = frozenset({404, 410, 422})


def by_token(rate: str) -> Callable[[Any], Any]:
    """Limit a page behind a link: each link at ``rate``."""
    return limiter.limit(rate, key_func=_token)


def by_account(rate: str, *, failures: bool = False) -> Callable[[Any], Any]:
    """Limit a form that names an account: each account at ``rate``, its failures alone where so said."""
    return limiter.limit(rate, key_func=_account, deduct_when=_failed if failures else None)


def by_person(rate: str) -> Callable[[Any], Any]:
    """Limit the failures of a form of a signed-in person: each person at ``rate``."""
    return limiter.limit(rate, key_func=_person, deduct_when=_failed)


def by_half_sign_in(rate: str) -> Callable[[Any], Any]:
    """Limit the failures of a sign-in's second page: each account at ``rate``, however often it starts again."""
    return limiter.limit(rate, key_func=_half, deduct_when=_failed)


def failures_by_address() -> Callable[[Any], Any]:
    """Limit the failures that come from one network address: who guesses links or passwords."""
    return limiter.limit(_FAILURES, deduct_when=_failed)


def slow_guessing(error: DomainError) -> ResponseReturnValue:
    """Answer an unknown link by a page, or as :func:`too_many_guesses`."""
    undo()
    unknown = render_template("errors/error.html", title="Lien inconnu", message=error.message), error.status
    return too_many_guesses() or unknown


def too_many_guesses() -> tuple[str, int] | None:
    """Count a guess of a link; return the page for an address that made a hundred in fifteen minutes, None before.

    Only the guesses are slowed: the good links of the others behind the same address still open.
    """
    if limiter.enabled and not _counted(f"guesses:{get_remote_address()}"):
        return render_template("errors/error.html", title="Trop d’essais", message=SLOWED), 429
    return None


def _counted(key: str) -> bool:
    """Count a failure; tell whether it is still within the limit. Where nothing can count, nothing is refused."""
    try:
        return limiter.limiter.hit(_GUESSES, key)
    except RedisError:
        return True


def _failed(response: Response) -> bool:
    return response.status_code in _FAILURE_CODES


def _token() -> str:
    return _hashed((request.view_args or {}).get("token", ""))


def _person() -> str:
    return str(getattr(current_user, "account_id", ""))


def _half() -> str:
    return _hashed(str((cookie.get(HALF) or {}).get("account", "")))


def _account() -> str:
    return _hashed(travelling(request.form.get("email", "")))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
