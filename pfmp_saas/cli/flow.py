"""`pfmp flow`: what follows each event and what each due thing does, as the page of the documentation."""

from collections.abc import Callable, Iterable, Iterator

import click

from pfmp_saas.workflows.flow import DUE, FLOW

HEAD = """# What follows what

Written by `pfmp flow` from `pfmp_saas/workflows/flow.py`; a test compares this file with the code. An event is a class
of `pfmp_saas/core/events.py`. What follows it *inside* belongs to its own transaction, so that the next page shows it;
what follows *after* is done by the worker, from the outbox, all of it or nothing. What falls due is planned by a
reaction and done by the worker at its time, once.

"""


def page() -> str:
    """Return the documentation's page."""
    return HEAD + "\n".join([*_events(), "", *_due()]) + "\n"


def _events() -> Iterator[str]:
    yield "## Events\n"
    for step in FLOW:
        yield f"### `{step.event.__name__}`\n\n{_sentence(step.event)}\n"
        yield from _steps("inside", step.inside)
        yield from _steps("after", step.after)
        yield ""


def _steps(when: str, functions: Iterable[Callable[..., None]]) -> Iterator[str]:
    for function in functions:
        yield f"- *{when}*: {_sentence(function)} (`{_place(function)}`)"


def _due() -> Iterator[str]:
    yield "## What falls due\n"
    yield "| Kind | What is done then | Where |"
    yield "|---|---|---|"
    for kind, function in DUE.items():
        yield f"| `{kind}` | {_sentence(function)} | `{_place(function)}` |"


def _sentence(described: Callable[..., object]) -> str:
    """Return the first line of the docstring of an event or a reaction."""
    return (described.__doc__ or "").strip().splitlines()[0]


def _place(function: Callable[..., None]) -> str:
    return f"{function.__module__.removeprefix('pfmp_saas.')}.{function.__name__}"


@click.command()
def flow() -> None:
    """Écrit ce qui suit chaque événement, et ce que fait chaque échéance."""
    click.echo(page(), nl=False)
