"""``pfmp allowance``: what the State pays a pupil for the days of a course's placements."""

import json
import re
from decimal import Decimal, InvalidOperation

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.law.money.allowance import Granted
from pfmp_saas.law.money.allowance import allowance as reckon
from pfmp_saas.law.money.amounts import euros, number
from pfmp_saas.law.money.rates import MINISTRIES, Mef, Ministry, UnknownRate, rate_of, read_mef

_MOST_DAYS = Decimal(366)


@click.command()
@click.option("--mef", "code", required=True, metavar="CODE", help="Code MEF, dix ou onze chiffres.")
@click.option(
    "--ministry", "name", required=True, metavar="|".join(MINISTRIES), help="Ministère de la formation."
)
@click.option("--school-year", "year", required=True, metavar="2025-2026", help="Année scolaire.")
@click.option("--days", required=True, metavar="N", help="Jours attestés, absences déduites.")
@click.option("--granted", default="0", metavar="EUROS", help="Déjà accordé, même MEF, même année.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def allowance(code: str, name: str, year: str, days: str, granted: str, *, as_json: bool) -> None:
    """Allocation de l’État : min(jours × taux, plafond − déjà accordé)."""
    september = _school_year(year)
    worked = _amount(days, "--days", 1)
    if worked > _MOST_DAYS:
        raise BadInput(f"--days : {number(worked)} jours en une année scolaire")
    already = _amount(granted, "--granted", 2)
    try:
        rate = rate_of(_mef(code), _ministry(name), september)
    except UnknownRate as error:
        raise BadInput(str(error)) from None
    found = reckon(rate, worked, already)
    click.echo(
        json.dumps(_as_dict(found, september)) if as_json else _as_text(found, worked, already, september)
    )


def _mef(code: str) -> Mef:
    try:
        return read_mef(code)
    except ValueError as error:
        raise BadInput(f"--mef : {error}") from None


def _ministry(name: str) -> Ministry:
    for ministry in MINISTRIES:
        if ministry == name.strip().upper():
            return ministry
    raise BadInput(f"--ministry : « {name[:20]} » n’est ni {', ni '.join(MINISTRIES)}")


def _school_year(text: str) -> int:
    written = re.fullmatch(r"(20[0-9]{2})[-/](20[0-9]{2})", text.strip())
    if written is None or int(written[2]) != int(written[1]) + 1:
        raise BadInput(f"--school-year : « {text[:20]} » n’est pas une année scolaire (écrivez 2025-2026)")
    return int(written[1])


def _amount(text: str, option: str, decimals: int) -> Decimal:
    """Read a number of at most so many decimals, 0 or more."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise BadInput(f"{option} : « {text[:20]} » n’est pas un nombre") from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or value < 0 or -exponent > decimals or value > 10**6:
        raise BadInput(
            f"{option} : « {text[:20]} » n’est pas un nombre positif à {decimals} décimale(s) au plus"
        )
    return value


def _as_dict(found: Granted, september: int) -> dict[str, int | float | str | bool]:
    return {
        "school_year": f"{september}-{september + 1}",
        "rate": _plain(found.rate.day),
        "cap": _plain(found.rate.cap),
        "amount": _plain(found.due),
        "published": found.rate.published,
    }


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _as_text(found: Granted, days: Decimal, granted: Decimal, september: int) -> str:
    rate = found.rate
    lines = [
        f"{number(days)} jours × {euros(rate.day)} = {euros(found.earned)}",
        f"Plafond : {euros(rate.cap)} pour {september}-{september + 1}, {euros(granted)} déjà accordés",
        f"Allocation : {euros(found.due)}",
    ]
    if not rate.published:
        lines.append("Barème de l’année non publié : c’est celui de la dernière année connue.")
    return "\n".join(lines)
