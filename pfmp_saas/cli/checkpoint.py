"""`pfmp checkpoint run`: the process that signs the heads of the logs, apart from the service."""

import logging
import os
import signal
from types import FrameType

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import checkpoint_from_environ
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.verify.log.cosignature import BadWitness
from pfmp_saas.evidence.verify.trust import BadRoot


@click.group()
def checkpoint() -> None:
    """Les relevés des journaux de preuve."""


@checkpoint.command("run")
@click.option("--every", default=1.0, show_default=True, help="secondes entre deux passages")
@click.option("--once", is_flag=True, help="un seul passage")
def run(every: float, *, once: bool) -> int:
    """Signer les relevés des journaux qui ont grandi (rôle pfmp_checkpoint)."""
    logging.basicConfig(level=logging.WARNING, format="pfmp checkpoint : %(message)s")
    metadata()
    try:
        process = CheckpointProcess(checkpoint_from_environ(os.environ))
    except (ConfigurationError, BadRoot, BadWitness) as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{error.filename} ne se lit pas") from error
    if once:
        click.echo(f"{process.round()} relevés signés")
        return 1 if process.refused else 0
    stop = _Stop()
    process.run(every, stop.asked)
    return 0


class _Stop:
    """Hears SIGINT and SIGTERM; what runs ends well first."""

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def asked(self) -> bool:
        """Tell whether a stop was asked."""
        return self._asked
