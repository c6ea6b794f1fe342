"""The shape that DESIGN.md asks for, held by tests: sizes, routes, row-level security, migrations."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import from_environ
from pfmp_saas.demo.services import Postgres
from pfmp_saas.portals.guard import OPEN_ENDPOINTS
from tests.support.databases import database_name

TOP = Path(__file__).parents[1]
PUBLIC = {
    "access.front", "access.sign_in", "access.enter", "access.ask_link", "access.show_link", "access.use_link",
    "access.leave", "health.healthz", "health.readyz", "health.metrics",
    "demo.people", "demo.enter", "demo.mails", "demo.attachment",
}  # fmt: skip
PUBLIC_BLUEPRINTS = {
    "ceremony",
    "verification",
    "checkpoints",
}  # a link, a dropped file; what anyone may keep
SHARED = {"base_types", "establishments", "accounts", "sign_in_links", "heartbeats", "alembic_version"}


def test_no_module_is_longer_than_300_lines():
    modules = [
        *TOP.glob("pfmp_saas/**/*.py"),
        *TOP.glob("tests/**/*.py"),
        TOP / "worker.py",
        TOP / "config.py",
    ]
    assert len(modules) > 50
    assert [str(m) for m in modules if len(m.read_text().splitlines()) > 300] == []


def test_every_route_declares_a_permission_or_is_on_the_public_list(app):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint in OPEN_ENDPOINTS:
            continue
        blueprint = rule.endpoint.split(".")[0]
        if getattr(view, "public_because", None):
            assert rule.endpoint in PUBLIC or blueprint in PUBLIC_BLUEPRINTS, rule.endpoint
        else:
            assert getattr(view, "permission", None), rule.endpoint


def test_an_unmarked_view_is_refused(app):
    app.view_functions["access.front"] = lambda: "open"
    assert app.test_client().get("/").status_code == 403


def test_every_tenant_table_forces_row_level_security(postgres: Postgres, database):
    query = """
        select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,
          exists (select from pg_policies p where p.tablename = c.relname and p.policyname = 'tenant') as policy
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r'"""
    with create_engine(database).connect() as connection:
        tables = {row.relname: (row.forced, row.policy) for row in connection.execute(text(query))}
    unprotected = {name for name, state in tables.items() if state != (True, True)}
    assert unprotected == SHARED
    assert {table.name for table in metadata().sorted_tables} == set(tables) - {"alembic_version"}


def test_the_runtime_role_is_no_owner_no_superuser_and_obeys_policies(database):
    query = """select rolsuper or rolbypassrls as strong,
        exists (select from pg_tables where tableowner = current_user) as owns from pg_roles where rolname = current_user"""
    with create_engine(database).connect() as connection:
        row = connection.execute(text(query)).one()
    assert (row.strong, row.owns) == (False, False)


def test_models_equal_the_migration_head(postgres: Postgres, database):
    config = Config()
    config.set_main_option("script_location", str(TOP / "migrations"))
    name = database_name(database)
    config.attributes["url"] = postgres.owner_url(name)
    command.check(config)


def test_a_missing_secret_stops_the_start_and_is_named():
    with pytest.raises(ConfigurationError, match="PFMP_DATABASE_URL"):
        from_environ({"PFMP_BASE_URL": "http://x"})
