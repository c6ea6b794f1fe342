"""A service whose clock a test moves, and people in front of it."""

import threading
from dataclasses import replace

import pytest
from redis import Redis
from werkzeug.serving import make_server

from pfmp_saas.accounts import queries
from pfmp_saas.accounts import queries as people
from pfmp_saas.app import create_app
from pfmp_saas.core.clock import utc_now
from pfmp_saas.demo.services import free_port
from pfmp_saas.portals.limits import limiter
from pfmp_saas.tenants import use_cases as tenants
from tests.support.clock import NOW
from tests.support.pages import OFFICE
from tests.support.second_factors import Moving, Person


@pytest.fixture
def moving():
    return Moving()


@pytest.fixture
def service(settings, seeded, moving):
    application = create_app(settings, moving)
    application.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    return application


@pytest.fixture
def limited(settings, seeded, moving, valkey):
    """The same, which counts tries."""
    Redis.from_url(valkey.url).flushall()
    limiter.enabled = True  # before: what counts failures is installed with the application
    application = create_app(settings, moving)
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    limiter.enabled = False


@pytest.fixture
def person(service, moving):
    """Make somebody in front of the service."""
    return lambda email: Person(service, moving, email)


@pytest.fixture
def wanted(db):
    """The school wants a second factor of its head."""
    by = queries.by_email(db, OFFICE).id
    tenants.change_settings(db, {"head_second_factor": True}, by=by, now=NOW)
    db.commit()


@pytest.fixture
def site(settings, seeded):
    """The service at a name, as passkeys want one: addresses have none."""
    limiter.enabled = False
    base = f"http://localhost:{free_port()}"
    application = create_app(replace(settings, base_url=base), utc_now)
    server = make_server("127.0.0.1", int(base.rpartition(":")[2]), application, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield base
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def deputy(db):
    """The deputy of our school, without any delegation yet: the account's identifier."""
    return people.by_email(db, "adjoint@lp-eiffel.example").id
