"""`pfmp rules`: every rule of the law that the product checks, as the table of the documentation."""

import click

from pfmp_saas.law.checks import rules_table

HEAD = """# The law's rules, as checked

Written by `pfmp rules`; a test compares this file with the code, and each rule with the test that holds it.
A rule is judged on the placement's first day; its test is in `tests/law/test_checks_*.py` or `tests/conventions/test_caps.py`.

"""


def page() -> str:
    """Return the documentation's page."""
    return HEAD + rules_table()


@click.command()
def rules() -> None:
    """Écrit la table des règles contrôlées."""
    click.echo(page(), nl=False)
