"""A person who opens the link of a signature and signs, as a browser does; and many of them at a given rate."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

from pfmp_saas.core.console import BadInput

_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_SHOWN = re.compile(r'name="shown_hash" value="([^"]+)"')
_FORM = "application/x-www-form-urlencoded"
_TIMEOUT = 30
_AT_ONCE = 128


class Visitor:
    """One signer with a link and a network address of his or her own: limits by address are met by nobody here."""

    def __init__(self, port: int, token: str, rank: int) -> None:
        self._port, self._path = port, f"/signer/{token}"
        self._headers = {
            "X-Forwarded-For": f"10.{rank >> 16 & 255}.{rank >> 8 & 255}.{rank & 255}",
            "Connection": "close",
        }
        self._form = ""

    def open(self) -> None:
        """Open the page, and keep what its form will send. Raises BadInput when it shows nothing to sign."""
        answer, page = self._ask("GET")
        csrf, shown = _CSRF.search(page), _SHOWN.search(page)
        if answer.status != 200 or csrf is None or shown is None:
            raise BadInput(f"la page à signer ne s’ouvre pas ({answer.status})")
        self._headers["Cookie"] = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self._form = urlencode({"csrf_token": csrf[1], "shown_hash": shown[1], "consent": "yes"})

    def has_signed(self) -> bool:
        """Say whether the page tells its visitor that he or she has signed."""
        return "Vous avez signé" in self._ask("GET")[1]

    def sign(self) -> None:
        """Send the form. Raises BadInput when the signature is not taken."""
        answer, _ = self._ask("POST", self._form)
        if answer.status != 302:
            raise BadInput(f"la signature n’est pas prise ({answer.status})")

    def _ask(self, method: str, body: str | None = None) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT)
        try:
            headers = self._headers | ({"Content-Type": _FORM} if body else {})
            connection.request(method, self._path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode("utf-8")
        except OSError as error:
            raise BadInput(f"le service ne répond pas : {error}") from error
        finally:
            connection.close()


def arrive(visitors: Sequence[Visitor], rate: float) -> list[float]:
    """Have visitors sign at ``rate`` a second, whatever the answers take; return the seconds each one waited.

    The wait counts from when the visitor was to come: a service that falls behind makes the next ones wait too.
    """
    start = time.perf_counter() + 0.1

    def come(rank: int, visitor: Visitor) -> float:
        due = start + rank / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        visitor.sign()
        return time.perf_counter() - due

    with ThreadPoolExecutor(min(len(visitors), _AT_ONCE)) as pool:
        return list(pool.map(come, range(len(visitors)), visitors))
