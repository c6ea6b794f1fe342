"""The queue. A job carries identifiers and the tenant only; PostgreSQL holds the truth."""

from redis import Redis
from rq import Queue

from pfmp_saas.core.settings import Settings

QUEUE = "pfmp"


def connect(settings: Settings) -> Redis:
    """Open a connection to Redis or Valkey; it fails fast rather than block a page."""
    return Redis.from_url(settings.redis_url, socket_connect_timeout=2)


def queue(settings: Settings) -> Queue:
    """Return the service's one queue: a worker's hand-off is safe on a single queue only."""
    return Queue(QUEUE, connection=connect(settings), default_timeout=120)
