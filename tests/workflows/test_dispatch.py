"""A reaction that fails: undone alone, tried again, and nothing else stopped."""

from datetime import UTC, datetime

from sqlalchemy import select

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.outbox import OutboxEvent, emit
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.workflows import dispatch
from pfmp_saas.workflows.context import Around

AROUND = Around("http://x.example", datetime(2026, 11, 23, tzinfo=UTC))


def test_a_failing_reaction_is_undone_alone_and_tried_again(seeded, session_factory, monkeypatch):
    seen = []

    def fails(session, row, _around):
        emit(session, "lost", row.id)  # undone with the failure
        raise RuntimeError

    monkeypatch.setitem(dispatch._REACTIONS, "bad", fails)
    monkeypatch.setitem(dispatch._REACTIONS, "good", lambda _session, row, _around: seen.append(row.id))
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, "0211033J").id)
        school = by_uai(session, "0211033J")
        for kind in ("bad", "good"):
            emit(session, kind, school.id)
        assert dispatch.react(session, AROUND) == 1
    with session_factory.begin() as session:
        enter_tenant(session, school.id)
        rows = {
            row.kind: row
            for row in session.scalars(select(OutboxEvent))
            if row.kind in {"bad", "good", "lost"}
        }
        assert set(rows) == {"bad", "good"}
        assert (rows["bad"].attempts, rows["bad"].handled_at) == (1, None)
        assert rows["good"].handled_at is not None
        monkeypatch.setitem(dispatch._REACTIONS, "bad", lambda _session, row, _around: seen.append(row.id))
        assert dispatch.react(session, AROUND) == 1
        assert rows["bad"].handled_at is not None
    assert len(seen) == 2
