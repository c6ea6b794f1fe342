"""The shape that docs/design.md asks for, held by tests: sizes, imports, routes, row-level security, migrations."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import from_environ
from pfmp_saas.demo.services import Postgres
from tests.support.databases import database_name

TOP = Path(__file__).parents[1]
PRODUCT = [*sorted(TOP.glob("pfmp_saas/**/*.py")), TOP / "worker.py", TOP / "config.py"]
EVERYTHING = [*PRODUCT, *sorted(TOP.glob("tests/**/*.py")), *sorted(TOP.glob("migrations/**/*.py"))]
SILENCED = re.compile(r"#\s*noqa\b(?P<rest>.*)", re.IGNORECASE)
REASON = re.compile(r": ?[A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* - \w.*")
PUBLIC = {
    "access.front", "access.sign_in", "access.enter", "access.ask_link", "access.show_link", "access.use_link",
    "access.leave", "access.second", "access.finish", "health.healthz", "health.readyz", "health.metrics",
    "demo.people", "demo.enter", "demo.mails", "demo.attachment",
    "demo.html_part", "demo.models", "demo.model", "demo.components",
}  # fmt: skip
PUBLIC_BLUEPRINTS = {
    "assets",
    "ceremony",
    "verification",
    "checkpoints",
    "statements",
    "looks",
    "searches",
    "halves",
    "calendars",
}  # a link, a dropped file; what anyone may keep; what the service says of itself
SHARED = {
    "base_types",
    "establishments",
    "accounts",
    "sign_in_links",
    "asked_links",
    "account_sessions",
    "account_totps",
    "passkeys",
    "pending_sign_ins",
    "recovery_codes",
    "kept_forms",
    "heartbeats",
    "breakers",
    "alembic_version",
}


def _functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_module_is_longer_than_300_lines():
    modules = [module for module in EVERYTHING if "versions" not in module.parts]
    assert len(modules) > 50
    assert [str(m) for m in modules if len(m.read_text(encoding="utf-8").splitlines()) > 300] == []


def test_no_function_of_the_product_is_longer_than_40_lines():
    long = [
        f"{module}:{function.lineno} {function.name}"
        for module in PRODUCT
        for function in _functions(module)
        if function.end_lineno - function.lineno + 1 > 40
    ]
    assert long == []


def test_nothing_is_imported_inside_a_function():
    inside = [
        f"{module}:{node.lineno}"
        for module in EVERYTHING
        for function in _functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_at_most_twenty_rules_are_silenced_each_with_its_reason():
    silenced = {
        f"{module}:{number}": found["rest"]
        for module in EVERYTHING
        if module != Path(__file__)
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := SILENCED.search(line))
    }
    assert len(silenced) <= 20, sorted(silenced)
    assert [place for place, rest in silenced.items() if not REASON.fullmatch(rest.strip())] == []


def test_what_is_logged_is_a_sentence_of_ours_never_filled_in():
    """Values go into listed fields (`core/logs.py`): a sentence that holds one may hold a person."""
    levels = {"debug", "info", "warning", "error", "critical", "exception"}
    filled = [
        f"{module}:{node.lineno}"
        for module in PRODUCT
        if "get_logger" in (source := module.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in levels
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant))
    ]
    assert [place for place in filled if "core/logs.py" not in place] == []


def test_every_route_declares_a_permission_or_is_on_the_public_list(app):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
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
