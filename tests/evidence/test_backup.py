"""A backup is whole or is not; a restored one audits clean, and a checkpoint held outside still agrees."""

import json

import pytest
from click.testing import CliRunner

from pfmp_saas.cli.backup import backup, restore
from pfmp_saas.cli.main import pfmp
from pfmp_saas.core import dump
from tests.support.databases import database_name
from tests.support.pages import UAI


def _call(command, *arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_a_restored_backup_audits_clean_and_agrees_with_a_checkpoint_held_outside(
    around, admin, database, empty, postgres, tmp_path, monkeypatch
):
    file, held = tmp_path / "pfmp.dump", tmp_path / "releve.txt"
    around.signed()
    held.write_text(around.newest(), encoding="utf-8")
    monkeypatch.setenv("PFMP_BACKUP_DATABASE_URL", admin(database_name(database)))
    assert _call(backup, "-o", file).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("PFMP_RESTORE_DATABASE_URL", admin(empty))
    assert _call(restore, file).exit_code == 0
    monkeypatch.setenv("PFMP_DATABASE_URL", postgres.app_url(empty))
    told = _call(pfmp, "audit", "--tenant", UAI, "--checkpoint", held)
    assert told.exit_code == 0, told.output


@pytest.mark.parametrize("role", ["pfmp_owner", "pfmp_app"])
def test_a_role_that_does_not_see_every_row_saves_nothing(
    role, seeded, admin, database, tmp_path, monkeypatch
):
    file = tmp_path / "pfmp.dump"
    monkeypatch.setenv(
        "PFMP_BACKUP_DATABASE_URL", admin(database_name(database)).replace("postgres@", f"{role}@")
    )
    told = _call(backup, "-o", file)
    assert told.exit_code == 2
    assert "ne voit pas toutes les lignes" in told.output
    assert list(tmp_path.glob("pfmp*")) == []


def test_a_backup_is_refused_when_it_is_not_the_one_that_was_written(
    seeded, admin, database, empty, tmp_path, monkeypatch
):
    file = tmp_path / "pfmp.dump"
    monkeypatch.setenv("PFMP_BACKUP_DATABASE_URL", admin(database_name(database)))
    assert _call(backup, "-o", file).exit_code == 0
    assert "existe déjà" in _call(backup, "-o", file).output
    monkeypatch.setenv("PFMP_RESTORE_DATABASE_URL", admin(database_name(database)))
    assert "contient déjà des tables" in _call(restore, file).output
    monkeypatch.setenv("PFMP_RESTORE_DATABASE_URL", admin(empty))
    manifest = file.with_name("pfmp.dump.json")
    known = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(known | {"rows": known["rows"] | {"conventions": 10**6}}))
    assert "n’est pas entière : conventions" in _call(restore, file).output
    file.write_bytes(file.read_bytes()[:-1])
    assert "n’est pas la sauvegarde" in _call(restore, file).output
    manifest.unlink()
    assert "manque" in _call(restore, file).output


def test_a_dump_that_lacks_rows_leaves_no_file(seeded, admin, database, tmp_path, monkeypatch):
    """As `pg_dump --enable-row-security` makes one for the owner: it exits 0, without a convention."""
    monkeypatch.setenv("PFMP_BACKUP_DATABASE_URL", admin(database_name(database)))
    monkeypatch.setattr(dump, "_rows_of", lambda _file: {})
    told = _call(backup, "-o", tmp_path / "pfmp.dump")
    assert "n’est pas entière" in told.output
    assert "conventions" in told.output
    assert list(tmp_path.glob("pfmp*")) == []
