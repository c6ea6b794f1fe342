"""Each migration, down and up again under rows: the schema is the same, and no row is lost but its own tables'."""

import pytest
from alembic.script import ScriptDirectory

from tests.support.schema import PIECES, configuration

REVISIONS = [each.revision for each in ScriptDirectory.from_config(configuration("")).walk_revisions()]


@pytest.mark.parametrize("revision", REVISIONS)
def test_gone_down_to_or_put_on_again_the_schema_is_that_of_a_database_only_upgraded(revision, steps, built):
    for kind in PIECES:
        assert steps[revision].before.schema[kind] == built[revision][kind], kind
        assert steps[revision].again.schema[kind] == built[revision][kind], kind


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_row_is_lost_but_those_of_the_tables_it_makes(revision, steps):
    step = steps[revision]
    others = set(step.without.rows)
    assert {name: step.before.rows[name] for name in others & set(step.before.rows)} == {
        name: step.without.rows[name] for name in others & set(step.before.rows)
    }
    assert {name: step.again.rows[name] for name in others} == step.without.rows


def test_the_first_one_leaves_nothing(steps):
    assert steps[REVISIONS[-1]].without.rows == {}


def test_rows_stood_in_most_tables(steps):
    """Otherwise the tests above would prove little."""
    rows = steps[REVISIONS[0]].before.rows
    assert sum(count > 0 for count in rows.values()) > len(rows) / 2
