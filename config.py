"""Settings of this process, read once from the environment, and what a web server serves."""

import os
from functools import cache

from flask import Flask

from pfmp_saas.app import create_app
from pfmp_saas.core.settings import Settings, from_environ


@cache
def settings() -> Settings:
    """Return the settings. Raises ConfigurationError naming what is missing."""
    return from_environ(os.environ)


def wsgi() -> Flask:
    """Build the application: ``gunicorn 'config:wsgi()'``."""
    return create_app(settings())
