"""A dump of the whole database that is known to be whole, and its restoration.

Row-level security is forced: for the owner of the tables `pg_dump` fails, or gives a file without one convention. So the
role must bypass it, and every table's rows are counted in the snapshot that is dumped, in the file, and once restored.
"""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, func, select, table, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from pfmp_saas.core.console import BadInput

Counts = dict[str, int]
_BLIND = "select not (rolsuper or rolbypassrls) from pg_roles where rolname = current_user"
_TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
_COPY = re.compile(r"^COPY public\.(\S+) ")
_BLOCK = 1 << 20


def backup(url: str, file: Path, now: datetime) -> Counts:
    """Write a dump of the database to ``file``, with ``file``.json beside it; return the rows of each table.

    ``url`` names a role that sees every row. Nothing is left under these names unless the dump is whole. Raises BadInput.
    """
    draft = file.with_name(f"{file.name}.part")
    draft.touch(mode=0o600)  # it holds everybody's data; pg_dump keeps the mode of the file that it fills
    try:
        with _snapshot(url) as (connection, snapshot):
            counts, revision = (
                _counts(connection),
                connection.scalar(text("select version_num from alembic_version")),
            )
            _run(url, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={draft}")
        _check_whole(counts, _rows_of(draft))
        manifest = {"at": now.isoformat(), "schema": revision, "sha256": _digest(draft), "rows": counts}
        _write(file.with_name(f"{file.name}.json"), manifest)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def restore(url: str, file: Path) -> Counts:
    """Restore a dump into the empty database of ``url``, whose roles exist; return the rows of each table.

    Raises BadInput for a file that is not the one that was written, for a database that has tables, and when rows lack.
    """
    manifest = _manifest(file)
    if manifest["sha256"] != _digest(file):
        raise BadInput(f"{file} n’est pas la sauvegarde que décrit {file.name}.json")
    with _connected(url) as connection:
        if connection.scalars(text(_TABLES)).all():
            raise BadInput("la base à restaurer contient déjà des tables : donnez-en une vide")
    _run(url, "pg_restore", "--exit-on-error", "--single-transaction", "--dbname=", str(file))
    with _connected(url) as connection:
        counts = _counts(connection)
    _check_whole(manifest["rows"], counts)
    return counts


def _check_whole(wanted: Mapping[str, int], found: Mapping[str, int]) -> None:
    lacking = sorted(name for name, count in wanted.items() if found.get(name, 0) != count)
    if lacking:
        raise BadInput(f"la sauvegarde n’est pas entière : {', '.join(lacking)}")


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            if connection.scalar(text(_BLIND)):
                role = make_url(url).username
                raise BadInput(
                    f"le rôle {role} ne voit pas toutes les lignes : il faut un administrateur, ou BYPASSRLS"
                )
            yield connection
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données ne répond pas : {type(error).__name__}") from error
    finally:
        engine.dispose()


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[Connection, str]]:
    """Hold one state of the database, and name it to `pg_dump`."""
    with _connected(url) as connection:
        yield connection, str(connection.scalar(text("select pg_export_snapshot()")))


def _counts(connection: Connection) -> Counts:
    tables = connection.scalars(text(_TABLES)).all()
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in tables}


def _rows_of(dump: Path) -> Counts:
    """Count the rows of each table in a dump."""
    command = [_program("pg_restore"), "--data-only", "--file=-", str(dump)]
    counts: Counts = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as reading:
        current = None
        for line in reading.stdout or ():
            if current is None:
                found = _COPY.match(line)
                current = found[1].strip('"') if found else None
                counts |= {current: 0} if current else {}
            elif line == "\\.\n":
                current = None
            else:
                counts[current] += 1
    return counts


def _run(url: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on a database; the password is in its environment, not in its arguments."""
    known = make_url(url)
    given = [
        argument + str(known.database) if argument == "--dbname=" else argument for argument in arguments
    ]
    done = subprocess.run(
        [_program(program), *given],
        env=os.environ | _environment(known),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BadInput(f"{program} : {(done.stderr.strip().splitlines() or ['échec'])[-1]}")


def _environment(url: URL) -> dict[str, str]:
    host = url.host or url.query.get("host")
    values = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: value for name, value in values.items() if value}


def _program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs: in ``PFMP_PG_BIN`` where it is set, else the machine's own."""
    directory = os.environ.get("PFMP_PG_BIN")
    return str(Path(directory) / name) if directory else name


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _write(file: Path, manifest: Mapping[str, Any]) -> None:
    draft = file.with_name(f"{file.name}.part")
    draft.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    draft.replace(file)


def _manifest(file: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(file.with_name(f"{file.name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadInput(f"{file.name}.json, écrit avec la sauvegarde, manque ou n’est pas lisible") from None
    if not file.exists() or not {"rows", "sha256"} <= manifest.keys():
        raise BadInput(f"{file} n’est pas une sauvegarde")
    return manifest
