"""What people see while Valkey or the database is away: links open and sign, a page says what is the matter."""

import os
import re
import signal
from dataclasses import replace

import pytest
from redis import Redis
from sqlalchemy import text

from pfmp_saas.app import create_app
from pfmp_saas.core import queue
from pfmp_saas.demo.services import free_port
from tests.support.clock import still
from tests.support.pages import UAI


def kill(server):
    server._server._process.kill()
    server._server._process.wait()


def hang(server):
    os.kill(server._server._process.pid, signal.SIGSTOP)


def fill(server):
    with Redis.from_url(server.url) as client:
        client.config_set("maxmemory", "1")
        client.config_set("maxmemory-policy", "noeviction")


@pytest.mark.parametrize("outage", [kill, hang, fill])
def test_whoever_holds_a_link_signs_without_valkey(hurt, own_valkey, links, outage):
    outage(own_valkey)
    client = hurt.test_client()
    for token in links:
        page = client.get(f"/signer/{token}")
        shown = re.search(r'name="shown_hash" value="([^"]+)"', page.text)
        assert (page.status_code, bool(shown)) == (200, True)
        answer = client.post(f"/signer/{token}", data={"shown_hash": shown[1], "consent": "yes"})
        assert answer.status_code == 302, answer.text
        assert (
            "Vous avez signé" in client.get(f"/signer/{token}").text
            or client.get(f"/signer/{token}").status_code == 200
        )


@pytest.mark.parametrize("outage", [kill, hang, fill])
def test_the_probe_tells_the_queue_and_serves_all_the_same(hurt, own_valkey, outage):
    client = hurt.test_client()
    assert client.get("/readyz").json["queue"] is True
    outage(own_valkey)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["ok"], answer.json["queue"]) == (200, True, False)
    assert "pfmp_queue_up 0.0" in client.get("/metrics").text
    assert not queue.takes_work(hurt.extensions["pfmp"].settings)


def test_limits_hold_in_memory_while_valkey_is_dead(hurt, own_valkey):
    kill(own_valkey)
    client = hurt.test_client()
    codes = [
        client.get(f"/signer/{'x' * 40}").status_code for _ in range(245)
    ]  # two windows of a minute at most
    assert codes[:3] == [404] * 3
    assert 429 in codes
    assert 500 not in codes


def test_without_a_database_a_page_in_french_says_so(settings):
    away = replace(settings, database_url=f"postgresql+psycopg://pfmp_app:x@127.0.0.1:{free_port()}/rien")
    client = create_app(away, still).test_client()
    for path in ("/", "/entree", f"/ecole/{UAI}/", "/signer/abc", "/compte"):
        answer = client.get(path, headers={"Cookie": ""})
        if answer.status_code == 503:
            assert "Notre base de données ne répond pas" in answer.text
            assert answer.headers["Retry-After"] == "30"
        assert answer.status_code in {200, 302, 404, 503}, (path, answer.status_code)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert client.get("/signer/abc").status_code == 503
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["database"], ready.json["schema"]) == (503, False, False)
    assert client.get("/healthz").status_code == 200


def test_a_schema_behind_the_code_is_told(app, operator):
    assert app.test_client().get("/readyz").json["schema"] is True
    with operator.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0001'"))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["database"], answer.json["schema"]) == (503, True, False)


def test_metrics_are_for_this_machine_or_for_who_holds_the_token(settings):
    client = create_app(replace(settings, metrics_token="jeton-de-mesure"), still).test_client()
    assert client.get("/metrics").status_code == 200
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_base=far).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    token = {"Authorization": "Bearer jeton-de-mesure"}
    assert client.get("/metrics", environ_base=far, headers=token).status_code == 200
    assert (
        client.get("/metrics", environ_base=far, headers={"Authorization": "Bearer autre"}).status_code == 404
    )
