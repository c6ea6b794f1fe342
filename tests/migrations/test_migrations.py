"""Each migration, down and up again under rows: the schema is the same, and no row is lost but its own tables'."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from tests.support.clock import still
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


def test_a_migration_of_rows_reaches_every_school_s(postgres, template_seeded):
    """Forced row-level security hides the rows from their owner too: a careless update would touch none."""
    postgres.create_database("rows", template=template_seeded(still))
    config = configuration(postgres.owner_url("rows"))
    secret = "https://pfmp.example/entree/" + "A" * 43
    with postgres.admin("rows") as database:
        database.execute("update outgoing_mails set state = 'done', body = %s", [secret])
        before = database.execute("select account_id, role, name from memberships order by 1, 2").fetchall()
        command.downgrade(config, "0024")
        heads = database.execute("select head_name from establishment_settings order by 1").fetchall()
        command.upgrade(config, "head")
        after = database.execute("select account_id, role, name from memberships order by 1, 2").fetchall()
        bodies = {row[0] for row in database.execute("select body from outgoing_mails")}
    postgres.drop_database("rows")
    assert [name for (name,) in heads] == ["Hélène Maréchal", "Isabelle Soula", "Paul Grosjean"]
    assert after == before
    assert bodies == {"https://pfmp.example/entree/…"}
