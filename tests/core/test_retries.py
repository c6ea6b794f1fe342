"""The one discipline of what may fail, by itself: pure moves of a row, the line that is kept of an error, its migration."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pfmp_saas.core import retries
from pfmp_saas.core.errors import Conflict
from pfmp_saas.core.retries import LONGEST_ERROR, LONGEST_TRY, MAILS, WORK, WorkState
from tests.support.clock import NOW


@pytest.mark.parametrize("pace", [WORK, MAILS])
def test_each_wait_is_as_long_as_the_one_before_or_longer_and_none_is_endless(pace):
    waits = [pace.wait(attempts) for attempts in range(1, 100)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (pace.first, pace.longest)


@pytest.mark.parametrize("pace", [WORK, MAILS])
def test_what_fails_each_time_is_given_up_after_so_many_tries(row, pace):
    for rank in range(1, pace.most + 1):
        assert retries.begin(row, NOW, pace)
        assert row.next_try_at == NOW + LONGEST_TRY  # whoever dies now is taken over then
        retries.fail(row, ValueError(f"try {rank}"), NOW, pace)
        assert (row.state == WorkState.FAILED) == (rank == pace.most)
    assert (row.last_error, row.failed_at, row.next_try_at) == (f"ValueError: try {rank}", NOW, None)


def test_what_never_says_anything_is_given_up_too(row):
    begun = [retries.begin(row, NOW, WORK) for _ in range(WORK.most + 1)]
    assert begun == [True] * WORK.most + [False]
    assert (row.state, "processus" in row.last_error) == (WorkState.FAILED, True)


def test_what_asks_for_patience_is_never_given_up_and_its_patience_is_not_held_against_it(row):
    for _ in range(10 * WORK.most):
        assert retries.begin(row, NOW, WORK)
        retries.wait(row, ValueError("later"), NOW, WORK)
    assert (row.state, row.next_try_at) == (WorkState.WAITING, NOW + WORK.longest)
    retries.begin(row, NOW, WORK)
    retries.fail(row, ValueError("once"), NOW, WORK)
    assert (row.state, row.faults) == (WorkState.WAITING, 1)


def test_what_is_done_keeps_no_error(row):
    retries.begin(row, NOW, WORK)
    retries.fail(row, ValueError("once"), NOW, WORK)
    retries.begin(row, NOW, WORK)
    retries.finish(row, NOW)
    assert (row.state, row.last_error, row.done_at, row.attempts) == (WorkState.DONE, None, NOW, 2)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (KeyError("missing"), "KeyError: 'missing'"),
        (RuntimeError(), "RuntimeError"),
        (ValueError("\n first \nsecond"), "ValueError: first"),
        (Conflict("Ce document a changé."), "Ce document a changé."),
        (
            IntegrityError(
                "insert", {"name": "Léa"}, ValueError("duplicate key\nDETAIL: (name)=(Léa) exists")
            ),
            "ValueError: duplicate key",
        ),
        (ValueError("x" * 1000), f"ValueError: {'x' * 1000}"[:LONGEST_ERROR]),
    ],
)
def test_an_error_is_one_line_without_the_values_of_a_statement(error, line):
    assert retries.error_line(error) == line


FORMER = {
    "outbox_events": "select kind, handled_at from outbox_events",
    "due_items": "select kind, state, payload::text from due_items",
    "outgoing_mails": "select kind, state, claimed_at, sent_at, attempts from outgoing_mails where state <> 'sent'",
}


def read(admin, statement):
    with admin.connect() as connection:
        return sorted(map(tuple, connection.execute(text(statement))), key=str)


def test_the_migration_takes_rows_over_and_gives_them_back(before):
    admin, config = before
    former = {table: read(admin, statement) for table, statement in FORMER.items()}
    command.upgrade(config, "0019")
    assert read(admin, "select kind, state, attempts, faults from outbox_events") == [
        ("handled", "done", 0, 0),
        ("poison", "waiting", 0, 0),
    ]
    assert read(admin, "select state, attempts, last_error, payload::text from due_items") == [
        ("failed", 14, "why", "{}"),
        ("waiting", 0, None, '{"what": "x"}'),
    ]
    assert read(admin, "select kind, state from outgoing_mails") == [
        ("pending", "waiting"),
        ("refused", "failed"),
        ("sending", "waiting"),
        ("sent", "done"),
    ]
    command.downgrade(config, "0018")
    assert {table: read(admin, statement) for table, statement in FORMER.items()} == former
    command.upgrade(config, "head")
