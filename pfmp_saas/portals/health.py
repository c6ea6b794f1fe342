"""The pages of probes: whether the process and its services answer, and its counters."""

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
    """Answer that the process runs."""
    return jsonify(ok=True)


@bp.get("/readyz")
@public("a probe has no account")
def readyz() -> ResponseReturnValue:
    """Report whether the database, the queue and the schedule answer; 503 when one does not.

    The age of the oldest event without a checkpoint (seconds) is reported and never makes a 503: a machine
    that cannot sign checkpoints still takes signatures.
    """
    parts = {"database": _database(), "queue": _queue(), "schedule": _schedule()}
    ok = all(parts.values())
    lag = _waiting().get("log_uncovered_seconds")
    return jsonify(ok=ok, **parts, checkpoint_lag_seconds=lag), 200 if ok else 503


@bp.get("/metrics")
@public("scraped inside the private network; holds no personal data")
def metrics() -> ResponseReturnValue:
    """Send the counters of Prometheus, and the number of pieces of work that wait in the database."""
    waiting = _waiting()
    lines = [f"# TYPE pfmp_{name} gauge\npfmp_{name} {value}\n" for name, value in sorted(waiting.items())]
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
