"""What probes read: the process, what it needs, and its counters."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pfmp_saas.core import crossing, heartbeat, queue
from pfmp_saas.core.permissions import public
from pfmp_saas.portals.context import now, session, settings

bp = Blueprint("health", __name__)
LATEST_TICK = timedelta(minutes=2)


@bp.get("/healthz")
@public("a probe has no account")
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(ok=True)


@bp.get("/readyz")
@public("a probe has no account")
def readyz() -> ResponseReturnValue:
    """Say whether the database, the queue and the schedule are there; 503 names what is not.

    How long the oldest event has waited for a checkpoint (seconds) is told and changes nothing: a machine that
    cannot sign checkpoints still takes signatures.
    """
    parts = {"database": _database(), "queue": _queue(), "schedule": _schedule()}
    ok = all(parts.values())
    lag = _waiting().get("log_uncovered_seconds")
    return jsonify(ok=ok, **parts, checkpoint_lag_seconds=lag), 200 if ok else 503


@bp.get("/metrics")
@public("scraped inside the private network; holds no personal data")
def metrics() -> ResponseReturnValue:
    """Give Prometheus its counters, and what waits in the database."""
    found = _waiting()
    lines = [f"# TYPE pfmp_{name} gauge\npfmp_{name} {value}\n" for name, value in sorted(found.items())]
    return Response(generate_latest() + "".join(lines).encode(), content_type=CONTENT_TYPE_LATEST)


def _database() -> bool:
    try:
        session().execute(text("select 1"))
    except SQLAlchemyError:
        return False
    return True


def _queue() -> bool:
    try:
        return bool(queue.connect(settings()).ping())
    except (RedisError, OSError):
        return False


def _waiting() -> dict[str, float]:
    try:
        return crossing.waiting(session(), now())
    except SQLAlchemyError:
        return {}


def _schedule() -> bool:
    try:
        age = heartbeat.age(session(), "tick", now())
    except SQLAlchemyError:
        return False
    return age is not None and age < LATEST_TICK
