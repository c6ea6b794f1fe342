"""What the tests of migrations share: the demonstration's database, walked down revision by revision."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from tests.support.clock import still
from tests.support.schema import configuration, snapshot, take_off_and_put_on


@pytest.fixture(scope="module")
def steps(postgres, template_seeded):
    """Each revision, newest first, taken off and put on again under the demonstration's rows."""
    postgres.create_database("walked", template=template_seeded(still))
    url = postgres.owner_url("walked")
    revisions = ScriptDirectory.from_config(configuration(url)).walk_revisions()
    yield {each.revision: take_off_and_put_on(url, each.revision) for each in revisions}
    postgres.drop_database("walked")


@pytest.fixture(scope="module")
def built(postgres):
    """The schema at each revision of a database that was only ever upgraded, from nothing."""
    postgres.create_database("built")
    url = postgres.owner_url("built")
    config, schemas = configuration(url), {}
    for each in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
        command.upgrade(config, each.revision)
        schemas[each.revision] = snapshot(url).schema
    yield schemas
    postgres.drop_database("built")
