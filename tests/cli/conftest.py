"""What the tests of the command share: running it in this process, or as installed."""

import base64
import json
import os
import subprocess
import sys

import click
import pytest

from pfmp_saas.cli.allowance import allowance
from pfmp_saas.cli.check import check
from pfmp_saas.cli.deadline import deadline
from pfmp_saas.cli.roster import roster
from pfmp_saas.cli.schema import schema
from pfmp_saas.core.console import run_cli

COMMANDS = {"allowance": allowance, "check": check, "schema": schema, "deadline": deadline, "roster": roster}
GROUP = click.Group("pfmp", commands=COMMANDS)


@pytest.fixture
def pfmp(capsys):
    """Runs a command as the shell does: exit code, standard output, standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            run_cli(GROUP, [str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


@pytest.fixture
def written(tmp_path):
    def write(data):
        file = tmp_path / "convention.json"
        file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return file

    return write


@pytest.fixture
def installed(settings, tmp_path):
    env = {
        "PFMP_DATABASE_URL": settings.database_url,
        "PFMP_REDIS_URL": settings.redis_url,
        "PFMP_SECRET_KEY": settings.secret_key,
        "PFMP_KEY_ENCRYPTION_KEY": base64.urlsafe_b64encode(settings.key_encryption_key).decode(),
        "PFMP_BASE_URL": settings.base_url,
        "PFMP_SMTP_HOST": "127.0.0.1",
        "PFMP_MAIL_FROM": "pfmp@pfmp.example",
    }

    def run(*arguments, **changes):
        command = [sys.executable, "-m", "pfmp_saas.cli.main", *arguments]

        kept = {**os.environ, **env, **changes}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=kept)

    assert run("root", "--directory", str(tmp_path / "root")).returncode == 0
    return run
