"""The pages of probes: whether the process and its services answer, and its counters."""

import secrets
from datetime import timedelta
from ipaddress import ip_address

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pfmp_saas.core import breaker, crossing, heartbeat, mail, queue
from pfmp_saas.core.migrations import is_current
from pfmp_saas.core.permissions import public
from pfmp_saas.portals.context import now, session, settings
from pfmp_saas.portals.counters import exposed

bp = Blueprint("health", __name__)
LATEST_TICK = timedelta(minutes=2)


@bp.get("/healthz")
@public("a probe has no account")
def healthz() -> ResponseReturnValue:
    """Answer that the process runs."""
    return jsonify(ok=True)


@bp.get("/readyz")
@public("a probe has no account")
def readyz() -> ResponseReturnValue:
    """Report whether this process can serve: the database answers, with the schema of this code; 503 otherwise.

    The queue, the schedule, mail and checkpoints are told beside it and never make a 503: without them pages are read
    and documents signed all the same.
    """
    database = _database()
    parts = {"database": database, "schema": database and _schema()}
    waiting = _waiting() if database else {}
    told = {
        "queue": queue.takes_work(settings()),
        "schedule": database and _schedule(),
        "mail": waiting.get("mail_server_up") == 1,
        "mails_waiting": waiting.get("mails_waiting"),
        "checkpoint_lag_seconds": waiting.get("log_uncovered_seconds"),
    }
    ok = all(parts.values())
    return jsonify(ok=ok, **parts, **told), 200 if ok else 503


@bp.get("/metrics")
@public("scraped from this machine, or with the token of the settings; holds no personal data")
def metrics() -> ResponseReturnValue:
    """Send the counters of Prometheus, and the number of pieces of work that wait in the database; 404 to strangers."""
    if not _may_scrape():
        abort(404)
    gauges = _waiting() | {"queue_up": float(queue.takes_work(settings()))}
    lines = [f"# TYPE pfmp_{name} gauge\npfmp_{name} {value}\n" for name, value in sorted(gauges.items())]
    return Response(exposed() + "".join(lines).encode(), content_type=CONTENT_TYPE_LATEST)


def _may_scrape() -> bool:
    """Say whether whoever asks holds the token, or asks from this very machine and through no proxy."""
    token = settings().metrics_token
    if token and request.authorization and request.authorization.type == "bearer":
        return secrets.compare_digest(request.authorization.token or "", token)
    direct = not {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers.keys())
    return direct and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 - nobody's address


def _database() -> bool:
    try:
        session().execute(text("select 1"))
    except SQLAlchemyError:
        session().rollback()
        return False
    return True


def _schema() -> bool:
    try:
        return is_current(session())
    except SQLAlchemyError:
        session().rollback()
        return False


def _waiting() -> dict[str, float]:
    try:
        return crossing.waiting(session(), now()) | breaker.gauges(session(), mail.SERVER, now())
    except SQLAlchemyError:
        return {}


def _schedule() -> bool:
    try:
        age = heartbeat.age(session(), "tick", now())
    except SQLAlchemyError:
        return False
    return age is not None and age < LATEST_TICK
