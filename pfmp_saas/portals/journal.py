"""One line of the log a request: its number, its school, its route by name (an address may be a key), how it ended."""

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from pfmp_saas.portals.assets import bp as assets

LOG = structlog.get_logger("pfmp")
HEADER = "X-Request-ID"
_NUMBER = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
"""A UUID, with its hyphens or without: what nginx and other proxies give. Anything else could be anybody's name."""
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def install(app: Flask) -> None:
    """Number each request and log its end. Called first: nothing of a request comes before."""
    app.before_request(_begin)
    app.after_request(_end)


def note_school() -> None:
    """Bind the school that the request has entered to the lines that follow."""
    session = g.get("session")
    tenant = session.info.get("tenant") if session is not None else None
    if tenant is not None:
        bind_contextvars(tenant=str(tenant))


def _begin() -> None:
    g.began = time.perf_counter()
    given = request.headers.get(HEADER, "")
    clear_contextvars()
    bind_contextvars(
        request_id=given.lower() if _NUMBER.fullmatch(given) else str(uuid.uuid4()),
        route=request.endpoint or "none",
        method=request.method if request.method in _METHODS else "other",
    )


def _end(response: Response) -> Response:
    note_school()
    bound = structlog.contextvars.get_contextvars()
    response.headers[HEADER] = bound.get("request_id", "")
    tell = LOG.debug if request.blueprint == assets.name else LOG.info
    tell(
        "request",
        status=response.status_code,
        duration_ms=round(1000 * (time.perf_counter() - g.began), 1),
    )
    return response
