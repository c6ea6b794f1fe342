"""The `pfmp` command: its subcommands, gathered."""

import os

import click

from pfmp_saas.cli.allowance import allowance
from pfmp_saas.cli.audit import audit
from pfmp_saas.cli.backup import backup, restore
from pfmp_saas.cli.bench import bench
from pfmp_saas.cli.check import check
from pfmp_saas.cli.checkpoint import checkpoint
from pfmp_saas.cli.deadline import deadline
from pfmp_saas.cli.erase import erase
from pfmp_saas.cli.flow import flow
from pfmp_saas.cli.keys import keys
from pfmp_saas.cli.migrate import migrate
from pfmp_saas.cli.operators import operator
from pfmp_saas.cli.register import register
from pfmp_saas.cli.render import render
from pfmp_saas.cli.roster import roster
from pfmp_saas.cli.rules import rules
from pfmp_saas.cli.schema import schema
from pfmp_saas.cli.school import root, school
from pfmp_saas.cli.verify import verify
from pfmp_saas.cli.witness import witness
from pfmp_saas.core.console import BadInput, run_cli
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.settings import types_directory
from pfmp_saas.types.loader import use_directory


@click.group()
def pfmp() -> None:
    """Conventions de PFMP : contrôler, composer, vérifier, auditer."""
    try:
        use_directory(types_directory(os.environ))
    except ConfigurationError as error:
        raise BadInput(str(error)) from None


for subcommand in (
    allowance,
    audit,
    backup,
    bench,
    check,
    checkpoint,
    deadline,
    erase,
    flow,
    keys,
    migrate,
    operator,
    register,
    render,
    restore,
    root,
    roster,
    rules,
    schema,
    school,
    verify,
    witness,
):
    pfmp.add_command(subcommand)


def run() -> None:
    """Run the command line."""
    run_cli(pfmp)


if __name__ == "__main__":
    run()
