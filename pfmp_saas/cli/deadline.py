"""``pfmp deadline accident``: who declares an accident, to whom, and by when."""

import json
from datetime import datetime

import click

from pfmp_saas.core.console import BadInput
from pfmp_saas.law.clocks import AccidentClock, AccidentRegime, HostRegime, accident_deadline
from pfmp_saas.law.territories import Territory, UnknownTerritory
from pfmp_saas.law.territories import territory as find_territory
from pfmp_saas.types.errors import UnknownType
from pfmp_saas.types.loader import available, get_type

_YEARS = range(2000, 2200)  # nobody declares an accident outside; datetime's own limits are far off
_HOST_REGIMES: dict[str, HostRegime] = {"general": "general", "msa": "msa"}


@click.group()
def deadline() -> None:
    """Calcule un délai légal."""


@deadline.command()
@click.option("--type", "slug", required=True, metavar="TYPE", help="Type de convention.")
@click.option("--territory", "code", required=True, metavar="CODE", help="Département du déclarant.")
@click.option("--known-at", required=True, metavar="ISO8601", help="Quand le déclarant a su.")
@click.option("--occurred-at", metavar="ISO8601", help="Quand l’accident a eu lieu.")
@click.option("--host-regime", default="general", metavar="general|msa", help="Régime de l’organisme.")
@click.option("--commune-good-friday", is_flag=True, help="Le vendredi saint est férié dans la commune.")
@click.option("--abroad", is_flag=True, help="L’accident a eu lieu à l’étranger.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un objet JSON.")
def accident(
    slug: str,
    code: str,
    known_at: str,
    occurred_at: str | None,
    host_regime: str,
    *,
    commune_good_friday: bool,
    abroad: bool,
    as_json: bool,
) -> None:
    """Délai de déclaration d’un accident : 48 h sans dimanches ni jours fériés."""
    place = _territory(code)
    known_instant = _instant(known_at, "--known-at", place)
    occurred = _instant(occurred_at, "--occurred-at", place) if occurred_at is not None else None
    if occurred is not None and occurred > known_instant:
        raise BadInput("--occurred-at : l’accident ne peut pas être connu avant d’avoir eu lieu")
    clock = accident_deadline(
        regime=_accident_regime(slug),
        territory=place.code,
        known_at=known_instant,
        occurred_at=occurred,
        host_regime=_host_regime(host_regime),
        commune_good_friday=commune_good_friday,
        abroad=abroad,
    )
    click.echo(json.dumps(_as_dict(clock), ensure_ascii=False) if as_json else _as_text(clock))


def _territory(code: str) -> Territory:
    try:
        return find_territory(code)
    except UnknownTerritory as error:
        raise BadInput(f"--territory : {error}") from error


def _accident_regime(slug: str) -> AccidentRegime:
    try:
        return get_type(slug).accident_regime
    except UnknownType as error:
        raise BadInput(f"--type : {error} (types connus : {', '.join(available())})") from error


def _host_regime(text: str) -> HostRegime:
    if text not in _HOST_REGIMES:
        raise BadInput(f"--host-regime : « {text[:20]} » n’est ni general ni msa")
    return _HOST_REGIMES[text]


def _instant(text: str, option: str, place: Territory) -> datetime:
    """Return an ISO 8601 instant; without offset, the local time of the declarant's place."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{option} : « {text[:40]} » n’est pas une date et une heure ISO 8601") from None
    if not any(mark in text for mark in "Tt :"):
        raise BadInput(f"{option} : « {text[:40]} » n’a pas d’heure")
    if instant.year not in _YEARS:
        raise BadInput(f"{option} : année {instant.year} hors de 2000 à 2199")
    return instant if instant.tzinfo else instant.replace(tzinfo=place.zone)


def _as_dict(clock: AccidentClock) -> dict[str, str | None]:
    informed = clock.inform_school_by
    return {
        "declarant": clock.declarant,
        "recipient": clock.recipient,
        "timezone": clock.timezone,
        "deadline": clock.deadline.isoformat(),
        "inform_school_by": informed.isoformat() if informed else None,
    }


def _as_text(clock: AccidentClock) -> str:
    who = {"host": "l’organisme d’accueil", "school": "le chef d’établissement"}[clock.declarant]
    lines = [
        f"Déclarant : {who}",
        f"Destinataire : {clock.recipient}",
        f"Au plus tard : {clock.deadline:%d/%m/%Y à %H:%M} ({clock.timezone})",
    ]
    if clock.inform_school_by:
        lines.append(
            f"L’organisme informe l’établissement avant le {clock.inform_school_by:%d/%m/%Y à %H:%M}"
        )
    return "\n".join(lines)
