"""Settings of this process, read once from the environment, and what a web server serves."""

import gc
import os
from functools import cache

from flask import Flask

from pfmp_saas.app import create_app
from pfmp_saas.core.settings import Settings, from_environ

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
    app = create_app(settings())
    gc.freeze()
    gc.set_threshold(_OBJECTS_A_COLLECTION)
    return app
