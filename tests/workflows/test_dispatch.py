"""A reaction that fails: undone alone, tried again, and nothing else stopped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.events import AccidentDeclared, AccidentRecorded, FollowupRecorded, SchoolOpened, emit
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.workflows import dispatch
from pfmp_saas.workflows.context import Around

AROUND = Around("http://x.example", datetime(2026, 11, 23, tzinfo=UTC))
BAD, GOOD, LOST = AccidentDeclared, FollowupRecorded, AccidentRecorded


def test_a_failing_reaction_is_undone_alone_and_tried_again(seeded, session_factory, monkeypatch):
    seen = []

    def fails(session, event, around):
        emit(session, LOST(subject_id=event.subject_id, at=around.now))  # undone with the failure
        raise RuntimeError

    def works(_session, event, _around):
        seen.append(type(event))

    monkeypatch.setattr(dispatch, "_AFTER", {BAD: (fails,), GOOD: (works,)})
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, "0211033J").id)
        school = by_uai(session, "0211033J")
        dispatch.react(session, AROUND)  # what the demonstration left
        seen.clear()
        for event in (BAD, GOOD):
            emit(session, event(subject_id=school.id, at=AROUND.now))
        assert dispatch.react(session, AROUND) == 1
    with session_factory.begin() as session:
        enter_tenant(session, school.id)
        told = OutboxEvent.kind != SchoolOpened.__name__
        mine = select(OutboxEvent).where(OutboxEvent.subject_id == school.id, told)
        rows = {row.kind: row for row in session.scalars(mine)}
        assert set(rows) == {BAD.__name__, GOOD.__name__}
        bad = rows[BAD.__name__]
        assert (bad.attempts, bad.last_error, bad.done_at) == (1, "RuntimeError", None)
        assert rows[GOOD.__name__].done_at is not None
        monkeypatch.setattr(dispatch, "_AFTER", {BAD: (works,)})
        assert dispatch.react(session, AROUND) == 0  # not yet: a failure is tried again later
        assert dispatch.react(session, replace(AROUND, now=AROUND.now + timedelta(minutes=1))) == 1
        assert rows[BAD.__name__].done_at is not None
    assert seen == [GOOD, BAD]
