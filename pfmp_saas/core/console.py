"""Refusals of the command line: one line on standard error, exit code 2, never a traceback."""

import re
import sys
from typing import IO, Any, NoReturn

import click

_SPACES = "\n\r\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


class BadInput(click.ClickException):
    """What was given cannot be read or understood; ``message`` is one French line."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the reason on standard error, as one line."""
        click.echo(one_line(self.message), err=file is None, file=file)


def one_line(text: str) -> str:
    """Return ``text`` on one line, without the control characters that would steer a terminal."""
    visible = (letter if letter.isprintable() or letter in _SPACES else "�" for letter in text)
    return re.sub(r"[ \n\r\t]+", " ", "".join(visible)).strip()


def run_cli(group: click.Command, arguments: list[str] | None = None) -> NoReturn:
    """Run ``group`` and leave with its exit code; a bad use or a file fault is one line and code 2."""
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_accents(stream)
    try:
        code = group.main(arguments, prog_name="pfmp", standalone_mode=False)
    except click.UsageError as error:
        _refuse(_in_french(error))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader left: nothing to say, nobody to say it to
        sys.exit(0)
    except OSError as error:
        _refuse(f"{error.filename or 'système'} : {error.strerror or error}")
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(reason: str) -> NoReturn:
    click.echo(one_line(reason), err=True)
    sys.exit(2)


def _never_fail_on_accents(stream: object) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


def _in_french(error: click.UsageError) -> str:
    """Return the French message for one of click's usage errors."""
    match error:
        case click.MissingParameter():
            sentence = f"il manque {_name(error)}"
        case click.BadParameter():
            sentence = f"{_name(error)} : valeur refusée"
        case click.NoSuchOption():
            sentence = f"option inconnue : {error.option_name}"
        case click.exceptions.NoSuchCommand():
            sentence = f"commande inconnue : {error.command_name}"
        case click.BadOptionUsage():
            sentence = f"{error.option_name} : mauvais usage (pfmp --help montre les options)"
        case click.exceptions.NoArgsIsHelpError():
            sentence = "une commande est attendue (pfmp --help les montre)"
        case _:
            sentence = "mauvais usage : un argument est de trop (pfmp --help montre les options)"
    return sentence


def _name(error: click.BadParameter) -> str:
    if isinstance(error.param, click.Option):
        return str(error.param.opts[-1])
    return str(error.param.human_readable_name) if error.param else "le paramètre"
