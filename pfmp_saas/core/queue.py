"""The queue. A job carries identifiers and the tenant only; PostgreSQL holds the truth."""

from redis import Redis, RedisError
from rq import Queue

from pfmp_saas.core.settings import Settings

QUEUE, MAIL_QUEUE = "pfmp", "pfmp-mail"
"""Mail has a queue of its own, and workers of its own: a mail server that hangs holds up nothing but mail."""

_PROBE, _PROBE_SECONDS, _PATIENCE = "pfmp:probe", 60, 0.5
_SILENCE = 10
"""Seconds that a command may take."""


def connect(settings: Settings) -> Redis:
    """Open a connection to Redis or Valkey; it fails fast where nothing listens, and soon where nothing answers.

    A worker, who waits for its next job longer than that, lengthens it by itself.
    """
    return Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=_SILENCE)


def takes_work(settings: Settings) -> bool:
    """Say whether the queue takes a job now: it is written to, since a full one still answers; half a second at most."""
    try:
        with Redis.from_url(
            settings.redis_url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE
        ) as probe:
            return bool(probe.set(_PROBE, "1", ex=_PROBE_SECONDS))
    except (RedisError, OSError):
        return False


def queue(settings: Settings, name: str = QUEUE) -> Queue:
    """Return one of the service's queues: a worker's hand-off is safe on a single queue only, so each has its own."""
    return Queue(name, connection=connect(settings), default_timeout=120)
