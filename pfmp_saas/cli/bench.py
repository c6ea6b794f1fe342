"""`pfmp bench`: what things cost here, measured, beside what others take for the same."""

import click

from pfmp_saas.bench.evidence import evidence
from pfmp_saas.bench.http import http
from pfmp_saas.bench.law import law
from pfmp_saas.bench.pages import pages
from pfmp_saas.bench.render import render
from pfmp_saas.bench.signing import signing


@click.group()
def bench() -> None:
    """Mesurer ce que coûtent les opérations, à côté d’autres outils."""


bench.add_command(evidence)
bench.add_command(http)
bench.add_command(law)
bench.add_command(pages)
bench.add_command(render)
bench.add_command(signing)
