"""What the audit says it covers, it covers: each column of the schema is told once, and each covered one, edited, is found."""

from datetime import timedelta
from itertools import islice

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from pfmp_saas.cli.audited import CHAINS, ROW_CHECKS, audited
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.workflows.register import register_faults, take_in, taken_in
from tests.support.clock import NOW
from tests.support.pages import UAI

LATER = NOW + timedelta(days=200)
OTHER = {
    "text": "coalesce({0}, '') || 'x'",
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "coalesce({0}, now()) + interval '1000 days'",
    "date": "coalesce({0}, current_date) + 1000",
    "integer": "coalesce({0}, 0) + 1000",
    "bigint": "coalesce({0}, 0) + 1000",
    "smallint": "coalesce({0}, 0) + 1000",
    "numeric": "coalesce({0}, 0) + 1000",
    "boolean": "not {0}",
    "jsonb": "case jsonb_typeof({0}) when 'array' then {0} || '[\"x\"]' else {0} || '{{\"x\": 1}}' end",
    "bytea": "coalesce({0}, '') || '\\x01'::bytea",
}
"""Another value than the one that stands, by type."""
FIRST = "(select id from signature_requests where tenant_id = :tenant and state = 'complete' order by opened_at limit 1)"
"""The document that the audit judges first: the test ends at the first fault."""
ONE = {
    "signature_requests": f"id = {FIRST}",
    "signers": f"request_id = {FIRST}",
    "conventions": "state = 'signed'",
    "convention_parties": "true",
    "placements": "true",
    "amendments": "state = 'signed'",
    "attestations": "state = 'signed'",
    "followups": "state = 'done'",
    "type_revisions": "state = 'adopted'",
    "establishments": f"uai = '{UAI}'",
    "evidence_salts": "name = 'actor' and value is not null",
    "stored_files": f"id = (select file_id from signature_requests where id = {FIRST})",
}
"""Which row of a table is edited, where not any will do."""


def test_every_column_is_either_covered_or_not(operator):
    known = audited()
    schema = {(table.name, column.name) for table in metadata().sorted_tables for column in table.columns}
    assert known.covered.keys() | known.not_covered.keys() == schema
    assert not known.covered.keys() & known.not_covered.keys()
    assert set(known.covered.values()) == {CHAINS, *ROW_CHECKS} == set(known.checks)
    assert set(known.not_covered.values()) == set(known.reasons)
    statement = "select table_name, column_name from information_schema.columns where table_schema = 'public'"
    with operator.connect() as connection:
        stored = {tuple(row) for row in connection.execute(text(statement))}
    assert schema == {each for each in stored if each[0] != "alembic_version"}


@pytest.mark.attack
def test_a_covered_column_edited_by_sql_is_found(lived, operator, root):
    """By the database's own administrator, with its triggers and foreign keys switched off: each column, one after the other."""
    assert [fault for check in (CHAINS, *ROW_CHECKS) for fault in _found(operator, lived, root, check)] == []
    unseen = [
        f"{table}.{column}"
        for (table, column), check in audited().covered.items()
        if not _found(operator, lived, root, check, (table, column))
    ]
    assert unseen == []


def _found(operator, lived, root, check, edited=None):
    """Return what a check finds, or the first fault once a column was edited, in a transaction that is then undone."""
    with operator.connect() as connection:
        transaction = connection.begin()
        if edited:
            _edit(connection, *edited, lived.tenant)
        with Session(connection, join_transaction_mode="rollback_only") as session:
            connection.execute(text("set local role pfmp_app"))
            enter_tenant(session, lived.tenant)
            faults = _judged(session, check, ReaderInput(LATER, trust=(root.certificate_pem.encode(),)))
            named = (each for each in faults if not edited or _names(each, edited[1]))
            found = list(islice(named, 1 if edited else None))
        transaction.rollback()
    return found


def _names(fault, column):
    """A row of the register is told with its column; other codes say by themselves what differs."""
    return column in fault.message or fault.code != "row-differs"


def _judged(session, check, means):
    return audit(session, LATER).faults if check == CHAINS else ROW_CHECKS[check](session, UAI, means)


def _edit(connection, table, column, tenant):
    connection.execute(text("set local session_replication_role = replica"))
    kind = (
        "select data_type from information_schema.columns where table_name = :table and column_name = :column"
    )
    known = connection.scalar(text(kind), {"table": table, "column": column})
    value = OTHER[known].format(f'"{column}"')
    mine = "id = :tenant" if table == "establishments" else "tenant_id = :tenant"
    one = f"(select ctid from {table} where {mine} and {ONE.get(table, 'true')} limit 1)"
    changed = connection.execute(
        text(f'update {table} set "{column}" = {value} where ctid = {one}'),
        {"tenant": tenant},
    )
    assert changed.rowcount == 1, (table, column)


@pytest.mark.attack
def test_a_row_that_no_event_knows_is_found_until_it_is_taken_in_and_told_for_ever(db, operator):
    with operator.begin() as connection:
        one = "(select id from followups where state = 'expected' limit 1)"
        connection.execute(text(f"update followups set state = 'done', done_on = starts_on where id = {one}"))
    assert [fault.code for fault in register_faults(db, UAI)] == ["row-unrecorded"]
    assert (taken_in(db), take_in(db, LATER), take_in(db, LATER)) == ([], 1, 0)
    assert list(register_faults(db, UAI)) == []
    assert taken_in(db) == [(LATER.date(), 1)]


@pytest.mark.attack
def test_a_name_changed_with_every_trace_of_the_person_s_salts_is_found(lived, operator, root):
    """Whoever erases a salt by SQL says that the person asked for it; the evidence has no such event."""
    with operator.begin() as connection:
        connection.execute(text("update evidence_salts set value = null, salt = null, erased_at = now()"))
        connection.execute(text("update memberships set name = 'Autre' where role = 'head'"))
    assert {fault.code for fault in _found(operator, lived, root, CHAINS)} == {"erasure-unrecorded"}


def test_the_command_tells_what_it_does_not_judge():
    told = list(audited().lines())
    assert any(line.startswith("non jugé – ") for line in told)
    assert "  accidents : circumstances" in "\n".join(told) or any("known_at" in line for line in told)
    assert audited().as_json()["not_covered"]["students"]["birth_date"].startswith("carnet")
