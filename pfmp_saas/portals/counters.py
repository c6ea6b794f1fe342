"""Counters of this web server, of all its processes together.

Each process counts in a file of its own, in the directory that PROMETHEUS_MULTIPROC_DIR names (`config.py` makes one
before the processes part); whichever is asked adds them up.
"""

import os

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("pfmp_requests", "Requests answered", ["status"])


def exposed() -> bytes:
    """Return the counters as Prometheus reads them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
