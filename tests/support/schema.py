"""What a database is made of, and how many rows stand in it: for the tests of migrations."""

from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from pfmp_saas.core.migrations import MIGRATIONS

PIECES = {
    "columns": "select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns"
    " where table_schema = 'public'",
    "constraints": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
    " where connamespace = 'public'::regnamespace",
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "policies": "select tablename, policyname, cmd, roles::text, qual, with_check from pg_policies",
    "security": "select relname, relrowsecurity, relforcerowsecurity from pg_class"
    " where relnamespace = 'public'::regnamespace and relkind = 'r'",
    "storage": "select attrelid::regclass::text, attname, attstorage::text from pg_attribute join pg_class c on c.oid = attrelid"
    " where c.relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped",
    "functions": "select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace",
    "triggers": "select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "grants": "select table_name, column_name, grantee, privilege_type from information_schema.column_privileges"
    " where table_schema = 'public'",
    "executions": "select routine_name, grantee, privilege_type from information_schema.routine_privileges"
    " where routine_schema = 'public'",
    "to come": "select defaclobjtype::text, defaclacl::text from pg_default_acl",
    "deletions": "select table_name, grantee, privilege_type from information_schema.table_privileges"
    " where table_schema = 'public'",
}


@dataclass(frozen=True)
class Snapshot:
    """A database at a moment: the pieces of its schema by kind, and the number of rows by table."""

    schema: dict[str, list[str]]
    rows: dict[str, int]


def snapshot(owner_url: str) -> Snapshot:
    """Return what the database is made of, and its rows; the revision's own table apart."""
    engine = create_engine(owner_url.replace("pfmp_owner@", "postgres@"))
    with engine.connect() as connection:
        schema = {name: sorted(map(repr, connection.execute(text(sql)))) for name, sql in PIECES.items()}
        tables = set(connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")))
        count = {
            name: connection.scalar(text(f"select count(*) from {name}")) or 0
            for name in tables - {"alembic_version"}
        }
    engine.dispose()
    return Snapshot(schema, count)


def configuration(owner_url: str) -> Config:
    """Return Alembic's configuration for a database, as the product's own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent))
    config.attributes["url"] = owner_url
    return config


@dataclass(frozen=True)
class Step:
    """A revision taken off and put on again: the database before, without it, and with it once more."""

    before: Snapshot
    without: Snapshot
    again: Snapshot


def take_off_and_put_on(owner_url: str, revision: str) -> Step:
    """Downgrade a revision, which is the newest, upgrade to it, and leave the database without it."""
    config, before = configuration(owner_url), snapshot(owner_url)
    command.downgrade(config, "-1")
    without = snapshot(owner_url)
    command.upgrade(config, revision)
    step = Step(before, without, snapshot(owner_url))
    command.downgrade(config, "-1")
    return step
