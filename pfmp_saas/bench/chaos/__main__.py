"""`python -m pfmp_saas.bench.chaos`: three outages under a real service; exit 1 where a count is off."""

import sys
import time

import click

from pfmp_saas.bench.chaos.counts import tell
from pfmp_saas.bench.chaos.database import without_database
from pfmp_saas.bench.chaos.mails import without_mail
from pfmp_saas.bench.chaos.valkey import without_valkey
from pfmp_saas.bench.ground import school_at_work


@click.command()
@click.option(
    "--people", default=3, show_default=True, help="Personnes qui signent à chaque panne de Valkey."
)
@click.option(
    "--mails", default=200, show_default=True, help="Courriels écrits pendant que leur serveur est pendu."
)
@click.option(
    "--conventions", default=8, show_default=True, help="Conventions signées pendant ce temps, par cinq."
)
@click.option(
    "--signings", default=12, show_default=True, help="Conventions signées pendant que PostgreSQL meurt."
)
def chaos(people: int, mails: int, conventions: int, signings: int) -> None:
    """Tuer, pendre, remplir les services, et compter ce que les gens ont fait."""
    began = time.monotonic()
    with school_at_work() as bench:
        good = tell("Sans Valkey", without_valkey(bench, people))
        good &= tell("Sans serveur de courriel", without_mail(bench, mails, conventions))
        good &= tell("Sans PostgreSQL", without_database(bench, signings))
    click.echo(f"\n{'Tout y est' if good else 'FAUX'} ({time.monotonic() - began:.0f} s)")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    chaos()
