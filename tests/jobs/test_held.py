"""A try that has begun is its worker's: somebody who only looks at the row for an instant takes nothing away from it."""

import threading
import uuid

import pytest
from sqlalchemy import text

from pfmp_saas.core import retries
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.events import AccidentDeclared, emit
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.deadlines.use_cases import schedule
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from pfmp_saas.jobs.tries import Piece
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.workflows.context import Around
from tests.support.clock import NOW, still
from tests.support.pages import UAI
from tests.support.racing import Side
from tests.support.waiting import until


def _school(session_factory):
    """Return the school's identifier, with one due thing and one event about the same invented subject."""
    with session_factory.begin() as session:
        tenant = by_uai(session, UAI).id
        enter_tenant(session, tenant)
        subject = uuid.uuid4()
        schedule(session, DueKind.EVALUATION, subject, "held", due_at=NOW)
        emit(session, AccidentDeclared(subject_id=subject, at=NOW))
        rows = {
            model: session.query(model).filter_by(subject_id=subject).one().id
            for model in (DueItem, OutboxEvent)
        }
    return tenant, rows


def _done(monkeypatch):
    """Return what the worker comes to do, in the place of doing it."""
    rows = []
    monkeypatch.setattr(work, "do_due", lambda _session, row, _around: rows.append(row.id))
    monkeypatch.setattr(work, "follow", lambda _session, row, _around: rows.append(row.id))
    return rows


def _somebody_waits(engine):
    mine = "select count(*) from pg_stat_activity where datname = current_database()"
    with engine.connect() as connection:
        return connection.scalar(text(f"{mine} and cardinality(pg_blocking_pids(pid)) > 0"))


@pytest.mark.parametrize(("model", "act"), [(DueItem, work._do), (OutboxEvent, work._follow)])
def test_who_has_begun_waits_for_who_looks(seeded, session_factory, monkeypatch, model, act):
    (tenant, rows), done = _school(session_factory), _done(monkeypatch)
    configure(seeded, still)
    piece = Piece(tenant, model, rows[model], retries.WORK)
    looker = Side(session_factory, tenant, lambda session: retries.claim(session, model, rows[model]))
    assert looker.acted.wait(60)
    worker = threading.Thread(target=act, args=(piece, Around("http://x.example", NOW)), daemon=True)
    worker.start()
    until(lambda: not worker.is_alive() or _somebody_waits(session_factory.kw["bind"]))
    assert worker.is_alive()
    assert looker.ended() == "done"
    worker.join(60)
    assert done == [rows[model]]
