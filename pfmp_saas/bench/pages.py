"""`pfmp bench pages`: what each main page costs on a school of many conventions, and how many statements it sends."""

import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click
from sqlalchemy import Engine, create_engine, event, select, text

from pfmp_saas.accounts import sessions
from pfmp_saas.accounts.models import Account
from pfmp_saas.bench import peers
from pfmp_saas.bench.crowd import crowd
from pfmp_saas.bench.figures import Figure, Peer, tell
from pfmp_saas.bench.ground import Bench, school_at_work
from pfmp_saas.campaigns.models import Campaign
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import db, enter_tenant

UAI, HEAD, TEACHER, HOST = (
    "0211033J",
    "proviseure@lp-eiffel.example",
    "marc.petit@lp-eiffel.example",
    "k.benali@garage-ducs.example",
)
SLOWEST, MOST_STATEMENTS = 80.0, 12
"""Milliseconds of a page's p95 on the reference machine, and statements that it may send."""
_RICH = frozenset({"une convention", "suivi"})
"""Pages that gather every domain: their statements are told, and bounded by what they hold, not by the school."""
_REPEATS = 25
_SCHOOL = f"/ecole/{UAI}"


@click.command()
@click.option(
    "--conventions", default=15_000, show_default=True, help="Conventions de l’établissement mesuré."
)
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def pages(conventions: int, *, as_json: bool) -> int:
    """Mesurer chaque page principale sur un établissement de cette taille."""
    clock = peers.pyhanko()
    with school_at_work(UAI) as bench:
        crowd(bench.session, conventions)
        _analyse(bench)
        clock.run()
        taken = {name: _measured(*seen) for name, seen in _clients(bench).items()}
        clock.run()
    return tell(
        [figure for name in taken for figure in _figures(name, *taken[name], clock.peer)], as_json=as_json
    )


def _analyse(bench: Bench) -> None:
    """Let PostgreSQL know the tables as it does in a service that has run for a while."""
    bench.session.rollback()
    owner = create_engine(bench.owner_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("vacuum analyze"))
    owner.dispose()


def _clients(bench: Bench) -> dict[str, tuple[Any, str, Engine]]:
    """Return each page to measure: a signed-in client, the page's address, the engine whose statements count."""
    made: Any = import_module("pfmp_saas.app")
    app = made.create_app(bench.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    gc.freeze()  # as `config.wsgi`, which serves: else the collector walks the modules in the middle of a page
    with app.app_context():
        engine = db.engine
    enter_tenant(bench.session, bench.tenant)
    sent = bench.session.scalars(
        select(Convention.id).where(Convention.state == ConventionState.SENT)
    ).first()
    middle = select(Convention.id).order_by(Convention.number.desc()).offset(200).limit(1)
    beside = bench.session.scalars(middle).first()
    campaign = bench.session.scalars(select(Campaign.id)).first()
    people = {who: _signed_in(bench, app, who) for who in (HEAD, TEACHER, HOST)}
    found = {
        "aujourd’hui": (HEAD, f"{_SCHOOL}/"),
        "tableau": (HEAD, f"{_SCHOOL}/conventions"),
        "tableau, page suivante": (HEAD, f"{_SCHOOL}/conventions?apres={beside}"),
        "tableau, une classe par date": (HEAD, f"{_SCHOOL}/conventions?classe=C7&tri=debut"),
        "campagnes": (HEAD, f"{_SCHOOL}/campagnes"),
        "une classe": (HEAD, f"{_SCHOOL}/campagnes/{campaign}"),
        "tableau, un état": (HEAD, f"{_SCHOOL}/conventions?etat=sent"),
        "recherche d’un nom": (HEAD, f"{_SCHOOL}/conventions?q=lefevre+zoe"),
        "recherche sans réponse": (HEAD, f"{_SCHOOL}/conventions?q=personne"),
        "recherche d’un numéro": (HEAD, f"{_SCHOOL}/conventions?q=2001-04242"),
        "une convention": (HEAD, f"{_SCHOOL}/conventions/{sent}"),
        "à signer": (HEAD, f"{_SCHOOL}/a-signer"),
        "suivi": (HEAD, f"{_SCHOOL}/suivi"),
        "élèves": (HEAD, f"{_SCHOOL}/eleves"),
        "élèves, une classe": (HEAD, f"{_SCHOOL}/eleves?classe=C7"),
        "nouvelle convention": (HEAD, f"{_SCHOOL}/conventions/nouvelle?q=ozturk"),
        "espace du référent": (TEACHER, f"/enseignant/{UAI}/"),
        "boîte de l’organisme": (HOST, "/entreprise"),
    }
    return {name: (people[who], path, engine) for name, (who, path) in found.items()}


def _signed_in(bench: Bench, app: Any, email: str) -> Any:
    client = app.test_client()
    account = bench.session.scalars(select(Account).where(Account.email == email)).one()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sessions.begin(bench.session, account, "", utc_now())
    bench.session.commit()
    return client


def _measured(client: Any, path: str, engine: Engine) -> tuple[list[float], int]:
    """Return how long each visit of a page takes, in milliseconds, and how many statements one sends."""
    with _counting(engine) as sent:
        answer = client.get(path)
    if answer.status_code != 200:
        raise LookupError(f"{path}: {answer.status_code}")
    client.get(path)
    waits = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        client.get(path)
        waits.append(1000 * (time.perf_counter() - start))
    return waits, len(sent)


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def count(*details: Any) -> None:
        sent.append(details[2])

    event.listen(engine, "before_cursor_execute", count)
    yield sent
    event.remove(engine, "before_cursor_execute", count)


def _figures(name: str, waits: list[float], statements: int, peer: Peer) -> list[Figure]:
    p95 = statistics.quantiles(waits, n=20)[-1]
    return [
        Figure(f"{name}, p50", statistics.median(waits)),
        Figure(f"{name}, p95", p95, reference=SLOWEST, peer=peer),
        Figure(f"{name}, requêtes", statements, "", reference=None if name in _RICH else MOST_STATEMENTS),
    ]
