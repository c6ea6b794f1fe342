"""What is logged and told outside: which route, whose school, how long; nothing of what a request carried or an error says."""

import logging
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
import sentry_sdk
from sqlalchemy import text

from pfmp_saas.core.logs import FIELDS
from pfmp_saas.core.permissions import public
from pfmp_saas.demo.services import free_port, start_web, stop_all, wait_for_web
from pfmp_saas.portals.context import session
from tests.support.processes import environment

TOKEN, NAME, ADDRESS = "k3" * 20, "Zoé Personne", "zoe.personne@famille.example"
SECRETS = (TOKEN, "Personne", "personne", "famille")
GIVEN = "3f2b8c1d9e4a4f6b8c7d6e5f4a3b2c1d"


@public("a test")
def breaks(token):
    """Raise an error of the database that names the person, and one of ours over it, with all of it in its hands."""
    held = {"token": token, "name": NAME, "address": ADDRESS}
    try:
        session().execute(text("select cast(:name as integer), :address"), {"name": NAME, "address": ADDRESS})
    except Exception as error:
        raise ValueError(f"{held} is not right") from error


def ask(app, **headers):
    app.view_functions["ceremony.sign"] = breaks
    client = app.test_client()
    client.set_cookie("visitor", ADDRESS)
    return client.post(
        f"/signer/{TOKEN}?address={ADDRESS}", data={"name": NAME, "shown_hash": ADDRESS},
        headers={"User-Agent": NAME.encode().decode("latin-1"), "Referer": f"http://x.example/{TOKEN}", **headers},
    )  # fmt: skip


def test_no_log_line_and_no_event_outside_holds_what_a_request_carried(app, seeded, told):
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    answer = ask(app, **{"X-Request-ID": GIVEN})
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    # as gunicorn does for an error that nobody caught, and for a request that nobody can read
    gunicorn = logging.getLogger("gunicorn.error")
    gunicorn.error(
        "Error handling request %s", f"/signer/{TOKEN}?address={ADDRESS}", exc_info=ValueError(NAME)
    )
    gunicorn.warning(f"Invalid request from ip=192.0.2.7: {ADDRESS}")
    gunicorn.info("Booting worker with pid: %s", 1234)
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (500, GIVEN)
    assert len(told.outside) == 1
    assert not sentry_sdk.get_client().should_send_default_pii()
    for secret in SECRETS:
        assert secret not in told.text()
        assert secret.encode() not in told.outside[0]
    assert "192.0.2.7" not in told.text()
    assert all(set(line) <= set(FIELDS) for line in told.lines())
    failed = next(line for line in told.lines() if line["event"] == "unexpected error")
    assert [error["type"] for error in failed["error"]] == [
        "builtins.ValueError", "sqlalchemy.exc.DataError", "psycopg.errors.InvalidTextRepresentation",
    ]  # fmt: skip
    assert failed["error"][1]["sqlstate"] == "22P02"
    assert failed["error"][0]["at"][-1].startswith("tests/portals/test_journal.py:")
    (line,) = (line for line in told.lines() if line["event"] == "request")
    kept = {name: line[name] for name in ("level", "request_id", "route", "method", "status")}
    assert kept == {
        "level": "info", "request_id": GIVEN, "route": "ceremony.sign", "method": "POST", "status": 500,
    }  # fmt: skip
    assert line["duration_ms"] > 0
    assert "Booting worker with pid: 1234" in told.text()
    assert "Error handling request …" in {line["event"] for line in told.lines()}
    assert b"ValueError" in told.outside[0]
    assert GIVEN.encode() in told.outside[0]


def test_the_control_without_our_rules_the_observer_would_hear_all(app, seeded, told):
    told.start(before_send=None, include_local_variables=True, max_request_body_size="always")
    ask(app)
    assert ADDRESS.encode() in told.outside[0]
    assert TOKEN.encode() in told.outside[0]


@pytest.mark.parametrize("given", [NAME, ADDRESS, "x" * 32, TOKEN, GIVEN + "0", ""])
def test_a_request_number_that_is_none_is_replaced(app, told, given):
    headers = {"X-Request-ID": given.encode().decode("latin-1")}
    answer = app.test_client().get("/healthz", headers=headers)
    assert uuid.UUID(answer.headers["X-Request-ID"])
    assert not given or given not in told.text()
    assert app.test_client().get("/healthz").headers["X-Request-ID"] != answer.headers["X-Request-ID"]


def test_a_line_names_the_school_and_the_route_never_the_address(ceremony, draft, told):
    client, address, _, _ = ceremony
    client.get(address)
    line = told.lines()[-1]
    assert (line["route"], line["tenant"], line["status"]) == ("ceremony.show", str(draft.tenant_id), 200)
    client.get("/healthz")
    assert "tenant" not in told.lines()[-1]
    assert address.rpartition("/")[2] not in told.text()


@pytest.mark.real_processes
def test_the_counters_of_two_web_processes_are_added_up(settings, tmp_path):
    port, directory = free_port(), tmp_path / "metrics"
    directory.mkdir()
    env = environment(settings) | {"PROMETHEUS_MULTIPROC_DIR": str(directory), "PFMP_LOG_LEVEL": "ERROR"}
    children = [start_web(env, port)]
    try:
        wait_for_web(port, children)
        asked, before = 1, counted(port)  # that very look counts once it is answered
        while len(list(directory.glob("counter_*.db"))) < 2:
            with ThreadPoolExecutor(8) as pool:
                asked += len(list(pool.map(urlopen, [f"http://127.0.0.1:{port}/healthz"] * 16)))
        for look in range(12):  # whichever answers
            assert counted(port) == before + asked + look
    finally:
        stop_all(children)


def counted(port):
    page = urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    return float(re.search(r'^pfmp_requests_total\{status="200"\} (\S+)', page, re.MULTILINE)[1])
