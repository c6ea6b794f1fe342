"""The `pfmp` command: its subcommands, each loaded when it is called."""

import os
from importlib import import_module

import click
from typing_extensions import override

from pfmp_saas.core.console import BadInput, run_cli
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.settings import types_directory
from pfmp_saas.types.loader import use_directory

MODULES = {
    name: f"pfmp_saas.cli.{module}"
    for module, names in {
        "allowance": ["allowance"],
        "audit": ["audit"],
        "backup": ["backup", "restore"],
        "bench": ["bench"],
        "check": ["check"],
        "checkpoint": ["checkpoint"],
        "deadline": ["deadline"],
        "erase": ["erase"],
        "flow": ["flow"],
        "keys": ["keys"],
        "migrate": ["migrate"],
        "operators": ["operator"],
        "register": ["register"],
        "render": ["render"],
        "roster": ["roster"],
        "rules": ["rules"],
        "schema": ["schema"],
        "school": ["root", "school"],
        "verify": ["verify"],
        "witness": ["witness"],
    }.items()
    for name in names
}
"""Where each subcommand is. `pfmp deadline` needs neither the web nor PAdES: all of them together take two seconds to load."""


class _WhenCalled(click.Group):
    """A group that imports a subcommand when it is called, or when help lists it."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULES)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        found: click.Command = getattr(import_module(MODULES[cmd_name]), cmd_name)
        return found


@click.group(cls=_WhenCalled)
def pfmp() -> None:
    """Conventions de PFMP : contrôler, composer, vérifier, auditer."""
    try:
        use_directory(types_directory(os.environ))
    except ConfigurationError as error:
        raise BadInput(str(error)) from None


def run() -> None:
    """Run the command line."""
    run_cli(pfmp)


if __name__ == "__main__":
    run()
