"""Opening a school from the command line, as an operator does."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from pfmp_saas.accounts import factors, queries, totp
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.tenants.queries import by_uai
from tests.support.databases import KEK, database_name


def _open(installed, tmp_path, **changes):
    options = {
        "--uai": "0672604S",
        "--name": "Lycée d’essai",
        "--territory": "67",
        "--type": "national-2016",
        "--head-name": "Ada Roth",
        "--head-email": "Ada@lycee.example",
        "--root": str(tmp_path / "root"),
        **changes,
    }
    return installed("school", "open", *(part for option in options.items() for part in option))


def test_a_school_opens_once_and_its_head_is_invited(installed, tmp_path, session_factory):
    done = _open(installed, tmp_path)
    assert done.returncode == 0, done.stderr
    with session_factory() as session:
        enter_tenant(session, by_uai(session, "0672604S").id)
        mail = session.scalars(select(OutgoingMail)).one()
        assert mail.recipient == "ada@lycee.example"
        assert "/entree/" in mail.body
    again = _open(installed, tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"--uai": "0672604A"}, "lettre"),
        ({"--territory": "99"}, "territoire"),
        ({"--type": "inconnu"}, "types connus"),
        ({"--head-email": "ada"}, "adresse"),
        ({"--root": "/nulle-part"}, "root.pem"),
    ],
)
def test_a_wrong_option_is_one_line_and_opens_nothing(installed, tmp_path, session_factory, change, word):
    done = _open(installed, tmp_path, **change)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert word in done.stderr
    with session_factory() as session:
        assert session.scalars(select(Establishment)).all() == []


def test_a_root_is_never_overwritten(installed, tmp_path):
    before = (tmp_path / "root" / "root.key").read_bytes()
    assert installed("root", "--directory", str(tmp_path / "root")).returncode == 2
    assert (tmp_path / "root" / "root.key").read_bytes() == before


def test_the_installed_command_migrates_from_any_directory(postgres, tmp_path):
    """Operators run `pfmp migrate`, not Python in the source tree."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name)
    env = {**os.environ, "PFMP_OWNER_DATABASE_URL": postgres.owner_url(name)}
    command = [str(Path(sys.executable).with_name("pfmp")), "migrate"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    with create_engine(postgres.owner_url(name)).connect() as connection:
        assert connection.scalar(text("select count(*) from alembic_version")) == 1
    postgres.drop_database(name)


@pytest.mark.real_processes
def test_the_owner_alone_names_an_operator_who_enters_once_by_the_link_shown(
    installed, app, postgres, database, session_factory
):
    owner = {"PFMP_OWNER_DATABASE_URL": postgres.owner_url(database_name(database))}
    grant = ("operator", "grant", "Ops@pfmp.example", "--name", "Ada Roth")
    for refused in (
        installed(*grant, PFMP_OWNER_DATABASE_URL=""),
        installed(*grant, PFMP_OWNER_DATABASE_URL=database),  # as the service: PostgreSQL refuses
        installed("operator", "grant", "ops", "--name", "Ada Roth", **owner),
        installed("operator", "revoke", "ops@pfmp.example", **owner),
        installed("operator", "unlock", "ops@pfmp.example", **owner),
    ):
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused
    done = installed(*grant, **owner)
    assert done.returncode == 0, done.stderr
    client, path = app.test_client(), "/entree/" + done.stdout.strip().rpartition("/")[2]
    assert client.get("/plateforme").status_code == 302
    assert client.post(path).location == "/compte"
    assert client.get("/plateforme").status_code == 200
    assert app.test_client().post(path).status_code == 410
    with session_factory() as session:
        account = queries.by_email(session, "ops@pfmp.example")
        assert (account.name, account.operator) == ("Ada Roth", True)
        row = totp.begin(session, account.id, KEK, utc_now())
        row.confirmed_at = utc_now()
        session.commit()
        assert factors.held(session, account.id)
    assert installed("operator", "unlock", "ops@pfmp.example", **owner).returncode == 0
    assert client.get("/plateforme").status_code == 302  # the session ended
    with session_factory() as session:
        assert not factors.held(session, account.id)
    assert installed("operator", "revoke", "ops@pfmp.example", **owner).returncode == 0
    with session_factory() as session:
        account = queries.by_email(session, "ops@pfmp.example")
        assert (account.name, account.operator) == ("", False)
