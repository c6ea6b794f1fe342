"""What a database role may do, asked of PostgreSQL itself: its own grants, PUBLIC's, and those of roles it is in."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.engine import Connection

_OURS = "not like all (array['pg\\_%', 'information\\_schema'])"
_TABLES = f"""
    select c.relname, p.name, has_table_privilege(:role, c.oid, p.name) as held
    from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) as p(name)
    where n.nspname {_OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f')"""
_COLUMNS = f"""
    select c.relname, p.name, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace,
      unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) as p(name)
    where n.nspname {_OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
      and not has_table_privilege(:role, c.oid, p.name) and has_column_privilege(:role, c.oid, a.attnum, p.name)
    order by a.attname"""
_OTHERS = {
    "sequence": f"""
        select c.relname, p.name from pg_class c join pg_namespace n on n.oid = c.relnamespace,
          unnest(array['USAGE', 'SELECT', 'UPDATE']) as p(name)
        where n.nspname {_OURS} and c.relkind = 'S' and has_sequence_privilege(:role, c.oid, p.name)""",
    "function": f"""
        select p.oid::regprocedure::text, case when prosecdef then 'execute, as ' || pg_get_userbyid(proowner)
          else 'execute' end
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname {_OURS} and has_function_privilege(:role, p.oid, 'EXECUTE')""",
    "schema": f"""
        select n.nspname, p.name from pg_namespace n, unnest(array['USAGE', 'CREATE']) as p(name)
        where n.nspname {_OURS} and has_schema_privilege(:role, n.oid, p.name)""",
    "database": """
        select 'own', p.name from unnest(array['CONNECT', 'CREATE', 'TEMPORARY']) as p(name)
        where has_database_privilege(:role, current_database(), p.name)""",
    "language": """
        select lanname, 'USAGE' from pg_language where lanpltrusted and has_language_privilege(:role, oid, 'USAGE')""",
    "tablespace": """
        select spcname, 'CREATE' from pg_tablespace
        where spcname <> 'pg_default' and has_tablespace_privilege(:role, oid, 'CREATE')""",
    "parameter": """
        select parname, p.name from pg_parameter_acl, unnest(array['SET', 'ALTER SYSTEM']) as p(name)
        where has_parameter_privilege(:role, parname, p.name)""",
    "owner": """
        select c.relname, 'owner' from pg_class c where pg_get_userbyid(relowner) = :role
        union all select proname, 'owner' from pg_proc where pg_get_userbyid(proowner) = :role
        union all select nspname, 'owner' from pg_namespace where pg_get_userbyid(nspowner) = :role
        union all select datname, 'owner' from pg_database where pg_get_userbyid(datdba) = :role""",
    "member": """
        select rolname, 'member' from pg_roles
        where rolname <> :role and pg_has_role(:role, oid, 'MEMBER')""",
    "attribute": """
        select r.rolname, a.name from pg_roles r, unnest(
          array['superuser', 'createrole', 'createdb', 'replication', 'bypassrls', 'login'],
          array[rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin]) as a(name, held)
        where r.rolname = :role and a.held""",
    "in the catalogue": """
        select 'table ' || relname, x.privilege_type from pg_class c
          join pg_namespace n on n.oid = c.relnamespace, aclexplode(relacl) x
        where nspname in ('pg_catalog', 'information_schema') and x.grantee = cast(:role as regrole)
        union all select 'column ' || attrelid::regclass || '.' || attname, x.privilege_type
          from pg_attribute, aclexplode(attacl) x
        where attrelid::regclass::text like 'pg\\_%' and x.grantee = cast(:role as regrole)
        union all select 'function ' || p.oid::regprocedure, x.privilege_type from pg_proc p
          join pg_namespace n on n.oid = p.pronamespace, aclexplode(proacl) x
        where nspname in ('pg_catalog', 'information_schema') and x.grantee = cast(:role as regrole)""",
    "of what is to come": """
        select case d.defaclobjtype when 'f' then 'functions' else d.defaclobjtype::text end, x.privilege_type
        from pg_default_acl d, aclexplode(d.defaclacl) x where x.grantee in (0, cast(:role as regrole))""",
}


def privileges(connection: Connection, role: str) -> list[str]:
    """Return a line for each object on which ``role`` may do something: its kind, its name, and what.

    A privilege on some columns names them; one on the whole table does not, and covers those that are added. What PUBLIC
    may read of PostgreSQL's own catalogue is left out, what the role was granted there is not.
    """
    return sorted([*_of_tables(connection, role), *_of_others(connection, role)])


def _of_tables(connection: Connection, role: str) -> Iterator[str]:
    held: dict[str, list[str]] = defaultdict(list)
    for table, privilege, granted in connection.execute(text(_TABLES), {"role": role}):
        held[table] += [privilege.lower()] if granted else []
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table, privilege, column in connection.execute(text(_COLUMNS), {"role": role}):
        columns[table, privilege.lower()].append(column)
    for (table, privilege), names in columns.items():
        held[table].append(f"{privilege} ({', '.join(names)})")
    for table, whole in held.items():
        yield f"table {table}: {', '.join(sorted(whole)) or 'nothing'}"


def _of_others(connection: Connection, role: str) -> Iterator[str]:
    for kind, query in _OTHERS.items():
        held: dict[str, list[str]] = defaultdict(list)
        for name, privilege in connection.execute(text(query), {"role": role}):
            held[name].append(privilege.lower() if privilege.isupper() else privilege)
        for name, granted in held.items():
            yield f"{kind} {name}: {', '.join(sorted(granted))}"
