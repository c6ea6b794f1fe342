"""Errors told to an observer outside (Sentry), where the operator names one: what failed and where, nothing of whom.

An event is written anew from a list of what may leave. What a request carried (address, query, cookies, headers, body),
what a function held and what an error says are not on it.
"""

from typing import Any

import sentry_sdk
from structlog.contextvars import get_contextvars

_KEPT = ("event_id", "timestamp", "level", "platform", "release")
_TAGS = ("request_id", "tenant", "route", "method", "job")
_FRAME = (
    "filename", "function", "module", "lineno", "in_app", "pre_context", "context_line", "post_context",
)  # fmt: skip
_FLUSH_SECONDS = 2
Json = Any


def start(dsn: str | None, **options: Any) -> None:
    """Tell errors to ``dsn`` from here on; without one nothing is told. ``options`` are sentry-sdk's own.

    Its option ``send_default_pii`` is false unless given, and to name it is deprecated.
    """
    if not dsn:
        return
    fixed: dict[str, Any] = {
        "include_local_variables": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 0,
        "default_integrations": False,
        "auto_enabling_integrations": False,
        "auto_session_tracking": False,
        "send_client_reports": False,
        "server_name": "",
        "spotlight": False,
        "before_send": scrub,
    }
    sentry_sdk.init(dsn, **(fixed | options))


def tell(error: BaseException) -> None:
    """Tell one error."""
    if sentry_sdk.is_initialized():
        sentry_sdk.capture_exception(error)


def flush() -> None:
    """Wait until what was told has left: a job's process ends at once after its job."""
    sentry_sdk.flush(_FLUSH_SECONDS)


def scrub(event: Json, _hint: Json) -> Json:
    """Return an event of what may leave: types of errors, lines of code, and what the logs say of the request or job."""
    bound = get_contextvars()
    values = (event.get("exception") or {}).get("values") or []
    return {
        **{name: event[name] for name in _KEPT if name in event},
        "tags": {name: str(bound[name]) for name in _TAGS if name in bound},
        "exception": {"values": [_exception(value) for value in values]},
    }


def _exception(value: Json) -> Json:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "stacktrace": {
            "frames": [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]
        },
    }
