"""`pfmp bench signing`: when a signer can read and sign, on an old telephone and a bad line, in a real Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from sqlalchemy import select

from pfmp_saas.bench import peers
from pfmp_saas.bench.figures import Figure, tell
from pfmp_saas.bench.ground import Bench, school_at_work
from pfmp_saas.bench.service import serving
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState, SignerState

USABLE = 3000.0
"""Milliseconds on the reference machine from the link to a page that can be read and signed."""
COLD_BYTES, WARM_BYTES, COLD_REQUESTS = 60_000, 12_000, 6
SLOWER, LATENCY, BYTES_A_SECOND = 6, 400, 50_000
"""How many times slower the processor is made, and the line: milliseconds there and back, bytes a second."""
_WIDTH, _HEIGHT = 390, 844
_REPEATS = 3
_READ = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  return Math.max(page.domContentLoadedEventEnd, painted ? painted.startTime : 0);
}"""


@dataclass(frozen=True)
class Visit:
    """One opening of the page: milliseconds until it is painted and its form works, bytes and requests on the line."""

    usable: float
    received: int
    requests: int


@click.command()
@click.option("--chromium", help="Chemin du navigateur, s’il n’est pas trouvé.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def signing(chromium: str | None, *, as_json: bool) -> int:
    """Mesurer la page de signature : processeur six fois plus lent, 50 ko/s, 400 ms."""
    clock = peers.pyhanko()
    with school_at_work() as bench, serving(bench) as service:
        url = _link(bench, service.port)
        clock.run()
        with _browser(chromium) as browser:
            visits = [_visit(browser, url) for _ in range(_REPEATS)]
        clock.run()
    cold, warm = (sorted((visit[part] for visit in visits), key=lambda each: each.usable) for part in (0, 1))
    first, again = cold[_REPEATS // 2], warm[_REPEATS // 2]
    return tell(
        [
            Figure("page de signature, première visite : utilisable après", first.usable, reference=USABLE, peer=clock.peer),
            Figure("page de signature, seconde visite : utilisable après", again.usable, reference=USABLE, peer=clock.peer),
            Figure("octets de la première visite", first.received, "o", COLD_BYTES),
            Figure("octets de la seconde visite", again.received, "o", WARM_BYTES),
            Figure("requêtes de la première visite", first.requests, "", COLD_REQUESTS),
        ],
        as_json=as_json,
    )  # fmt: skip


@contextmanager
def _browser(path: str | None) -> Iterator[Any]:
    """Give a Chromium. Raises BadInput where there is none."""
    found = path or shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        driver: Any = import_module("playwright.sync_api")  # a development dependency
    except ImportError as error:
        raise BadInput("la mesure demande les dépendances de développement (make install)") from error
    if found is None:
        raise BadInput("aucun Chromium n’est installé : donnez son chemin par --chromium")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def _link(bench: Bench, port: int) -> str:
    """Return the address of the ceremony of somebody who has yet to sign."""
    enter_tenant(bench.session, bench.tenant)
    waiting = (
        select(Signer)
        .join(SignatureRequest, SignatureRequest.id == Signer.request_id)
        .where(Signer.state == SignerState.INVITED, SignatureRequest.state == RequestState.OPEN)
    )
    token = new_link(bench.session, bench.session.scalars(waiting.limit(1)).one(), utc_now())
    bench.session.commit()
    return f"http://127.0.0.1:{port}/signer/{token}"


def _visit(browser: Any, url: str) -> tuple[Visit, Visit]:
    """Open the page twice in a fresh profile: with nothing kept, then with what the first visit left."""
    context = browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY, **conditions})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    visits = (_opened(page, line, url), _opened(page, line, url))
    context.close()
    return visits


def _opened(page: Any, line: Any, url: str) -> Visit:
    page.goto("about:blank")
    received, asked = list[float](), set[str]()

    def ended(event: Any) -> None:
        received.append(event["encodedDataLength"])

    def began(event: Any) -> None:
        if event["request"]["url"].startswith("http"):
            asked.add(event["requestId"])

    line.on("Network.loadingFinished", ended)
    line.on("Network.requestWillBeSent", began)
    page.goto(url, wait_until="load")
    page.get_by_role("button", name="Je signe").wait_for()
    visit = Visit(float(page.evaluate(_READ)), int(sum(received)), len(asked))
    line.remove_listener("Network.loadingFinished", ended)
    line.remove_listener("Network.requestWillBeSent", began)
    return visit
