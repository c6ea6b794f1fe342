"""`pfmp checkpoint`: the process that signs the heads of the logs, apart from the service; a log whose tail was lost."""

import logging
import os
import signal
from pathlib import Path
from types import FrameType

import click
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from pfmp_saas.cli.audit import database_url, schools
from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import checkpoint_from_environ
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.evidence.checkpoint.make import Inconsistent, NothingLost
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.restart import BadReason, declare_lost
from pfmp_saas.evidence.verify.log.checkpoint import read_head
from pfmp_saas.evidence.verify.log.cosignature import BadWitness
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.trust import BadRoot


@click.group()
def checkpoint() -> None:
    """Les relevés des journaux de preuve."""


@checkpoint.command("run")
@click.option("--every", default=1.0, show_default=True, help="secondes entre deux passages")
@click.option("--once", is_flag=True, help="un seul passage")
def run(every: float, *, once: bool) -> int:
    """Signer les relevés des journaux qui ont grandi (rôle pfmp_checkpoint)."""
    process = _process()
    if once:
        click.echo(f"{process.round()} relevés signés")
        return 1 if process.refused else 0
    stop = _Stop()
    process.run(every, stop.asked)
    return 0


@checkpoint.command("lost")
@click.argument("note", metavar="RELEVÉ", type=click.Path(path_type=Path))
@click.option("--reason", required=True, help="ce qui est arrivé, tel que le journal le dira")
def lost(note: Path, reason: str) -> None:
    """Inscrire au journal que tout ce que RELEVÉ dit de plus que lui est perdu (PFMP_DATABASE_URL)."""
    metadata()
    try:
        text = note.read_bytes()
        head = read_head(text)
    except OSError:
        raise BadInput(f"{note} ne se lit pas") from None
    except Wrong:
        raise BadInput(f"{note} n’est pas un relevé de journal") from None
    try:
        with unit_on(database_url()) as session:
            enter_tenant(session, schools(session, head.tenant)[0].id)
            declare_lost(session, text, reason, utc_now())
    except (BadReason, Wrong) as error:
        raise BadInput(str(error)) from None
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données ne répond pas : {type(error).__name__}") from error
    click.echo(
        f"{head.tenant} : la perte est inscrite. Il reste à signer la reprise : pfmp checkpoint restart"
    )


@checkpoint.command("restart")
@click.option("--tenant", metavar="UAI", required=True, help="l’établissement")
def restart(tenant: str) -> None:
    """Signer la reprise d’un journal dont la fin est perdue : le relevé nomme ce qui manque (rôle pfmp_checkpoint)."""
    try:
        note = _process().restart_of(tenant)
    except (NothingLost, Inconsistent) as error:
        raise BadInput(str(error)) from None
    except IntegrityError:
        raise BadInput("inscrivez d’abord la perte au journal : pfmp checkpoint lost") from None
    except SQLAlchemyError as error:
        raise BadInput(f"la base de données ne répond pas : {type(error).__name__}") from error
    click.echo(note, nl=False)


def _process() -> CheckpointProcess:
    """Return the process that the environment describes; raises BadInput."""
    logging.basicConfig(level=logging.WARNING, format="pfmp checkpoint : %(message)s")
    metadata()
    try:
        return CheckpointProcess(checkpoint_from_environ(os.environ))
    except (ConfigurationError, BadRoot, BadWitness) as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{error.filename} ne se lit pas") from error


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
