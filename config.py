"""Settings of this process, read once from the environment, and what a web server serves."""

import atexit
import gc
import os
import shutil
import tempfile
from functools import cache

from flask import Flask

from pfmp_saas.core import logs, observer
from pfmp_saas.core.settings import Settings, from_environ


def _counting_directory() -> None:
    """Make the directory where each process of this web server counts, unless one is given; it goes with the server."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        return
    directory, owner = tempfile.mkdtemp(prefix="pfmp-metrics-"), os.getpid()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory

    def remove() -> None:
        if os.getpid() == owner:  # the processes that parted from this one leave too, earlier
            shutil.rmtree(directory, ignore_errors=True)

    atexit.register(remove)


_counting_directory()

from pfmp_saas.app import create_app  # noqa: E402 - prometheus-client reads where to count when it is imported

_OBJECTS_A_COLLECTION = 10_000
"""How many objects, made and not yet freed, bring the garbage collector: it would come several times a request at 700."""


@cache
def settings() -> Settings:
    """Return the settings. Raises ConfigurationError naming what is missing."""
    return from_environ(os.environ)


def wsgi() -> Flask:
    """Build the application: ``gunicorn 'config:wsgi()'``.

    What is built lives as long as the process: the garbage collector need not walk it, nor come at every request.
    """
    logs.configure(settings().log_level)
    observer.start(settings().sentry_dsn)
    app = create_app(settings())
    gc.freeze()
    gc.set_threshold(_OBJECTS_A_COLLECTION)
    return app
