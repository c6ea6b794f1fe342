"""The web machine that deploy/ ships: slow clients hold no thread of it, and nginx keeps what it must."""

from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from pfmp_saas.portals.assets import assets
from tests.support.web_machine import NAME, web_machine

HALF_A_HEADER = f"GET /connexion HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode()
HALF_A_BODY = (
    f"POST /connexion HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 4000\r\n\r\nemail=a"
).encode()


@pytest.mark.attack
@pytest.mark.real_processes
def test_sixty_slow_clients_keep_nobody_from_a_page(settings, tmp_path):
    with web_machine(settings, tmp_path) as machine, ExitStack() as slow:
        for _ in range(30):
            slow.enter_context(machine.opened(HALF_A_HEADER))
            slow.enter_context(machine.opened(HALF_A_BODY))
        page = machine.asked("GET", "/connexion")
        assert page.status == 200
        assert b"</html>" in page.body
        _keeps_what_it_must(machine)


def _keeps_what_it_must(machine):
    style = machine.asked("GET", f"/actifs/{assets()['pfmp.css'].name}")
    assert (style.status, style.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert "immutable" in style.headers["Cache-Control"]
    assert machine.asked("GET", "/actifs/../config.py").status in (400, 404)
    assert machine.asked("GET", "/metrics").status == 404
    assert machine.asked("POST", "/connexion", {"Content-Length": str(21 * 1024 * 1024)}).status == 413
    assert machine.asked("GET", "/" + "a" * 9_000).status == 414
    assert machine.asked("GET", "/connexion").headers["Server"] == "nginx", "its version is nobody's business"
    plain = HTTPConnection("127.0.0.1", machine.plain, timeout=60)
    plain.request("GET", "/connexion")
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/connexion")
    plain.close()
