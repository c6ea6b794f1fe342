"""`python -m pfmp_saas.bench.year`: a school year in three schools; exit 1 where a duty is missed, late or doubled."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import click
from sqlalchemy import func, select

from pfmp_saas.attestations.models import Attestation
from pfmp_saas.bench.chaos.counts import Count, tell
from pfmp_saas.bench.ground import school_at_work
from pfmp_saas.bench.year.duties import COPIED_WITHIN, Duty, attested_days, duties, parties
from pfmp_saas.bench.year.life import live, servers
from pfmp_saas.bench.year.plan import CLOSES, OPENS, year
from pfmp_saas.bench.year.steps import Life
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.retries import WorkState
from pfmp_saas.jobs.runtime import work

_KINDS = {
    "unsigned-convention": "Rappels de signature (3, 7, 14 jours)",
    "attestation": "Demandes d’attestation (dernier jour, puis 1, 3, 7 jours)",
    "evaluation": "Demandes d’avis à l’élève",
    "followup-contact": "Rappels du premier contact",
    "followup-visit": "Rappels de la visite",
    "accident": "Avis et rappels d’accident",
    "accident-told": "Accidents : tuteur, référent, élève, famille",
}
_COPIES = {
    "convention-signed": "Exemplaires de la convention signée",
    "amendment-signed": "Exemplaires de l’avenant signé",
    "attestation-signed": "Exemplaires de l’attestation signée",
}


@click.command()
@click.option(
    "--pupils", default=100, show_default=True, help="Élèves de chacun des trois établissements (4 au moins)."
)
def main(pupils: int) -> None:
    """Vivre une année scolaire, et comparer chaque courriel à ce qu’un compte fait à part demande."""
    began = time.monotonic()
    with (
        school_at_work(at=OPENS) as bench,
        servers(bench.settings, Path(str(bench.settings.demo_mails))) as settings,
    ):
        life = live(settings, year(pupils), CLOSES)
        good = tell("L’année", _lived(life))
        good &= tell("Devoirs, à leur heure, à qui il faut, une fois", _duties(life))
        good &= tell("Exemplaires, une fois à chaque partie", _copies(life))
        good &= tell("Jours attestés", _days(life))
        good &= tell("Travail du service", _work(life))
    click.echo(f"\n{'Tout y est' if good else 'FAUX'} ({time.monotonic() - began:.0f} s)")
    sys.exit(0 if good else 1)


def _lived(life: Life) -> Iterator[Count]:
    every = life.placements
    hurt = [each.hurt for each in every if each.hurt]
    yield Count("établissements", len(life.tenants), 3)
    yield Count("élèves", len({(each.school, each.pupil) for each in every}))
    yield Count("conventions envoyées et signées", len(life.rows), len(every))
    yield Count("accidents", len(hurt), 12)
    yield Count(
        "dont déclarés trop tard", sum(each.recorded - each.known > timedelta(days=5) for each in hurt), 4
    )
    yield Count("conventions avec absences", sum(each.absences > 0 for each in every), min(40, len(every)))
    yield Count("avenants qui prolongent", sum(each.nature == "change" for each in every), 15)
    yield Count("périodes interrompues", sum(each.nature == "early-end" for each in every), 9)


def _duties(life: Life) -> Iterator[Count]:
    wanted: Counter[Duty] = Counter()
    for (kind, number, who, at), times in duties(life.placements, life.staff).items():
        wanted[kind, number, who, at.astimezone(UTC)] += times
    found = Counter({duty: times for duty, times in life.written.items() if duty[0] in _KINDS})
    for kind, name in _KINDS.items():
        yield Count(name, _of(found, kind), _of(wanted, kind))
    missing, further = wanted - found, found - wanted
    yield Count("manquants ou à une autre heure", missing.total(), 0)
    yield Count("en trop, doublés ou après la fin", further.total(), 0)
    for title, some in (("manque", missing), ("en trop", further)):
        for kind, number, who, at in sorted(some)[:10]:
            click.echo(f"    {title} : {kind}, placement {number}, {who}, {at:%d/%m/%Y %H:%M} UTC", err=True)


def _of(counted: Counter[Duty], kind: str) -> int:
    return sum(times for duty, times in counted.items() if duty[0] == kind)


def _copies(life: Life) -> Iterator[Count]:
    for kind, name in _COPIES.items():
        wanted = {
            (each.number, who)
            for each in life.placements
            if kind != "amendment-signed" or each.moved_to
            for who in parties(each, life.staff[each.school]).values()
        }
        found = {duty: times for duty, times in life.written.items() if duty[0] == kind}
        once = {(number, who) for (_, number, who, _), times in found.items() if times == 1}
        yield Count(name, len(found), len(wanted))
        yield Count("  qui manquent ou doublent", len(wanted ^ once), 0)
    late = sum(
        at - life.placements[number].complete.astimezone(UTC) > COPIED_WITHIN
        for kind, number, _, at in life.written
        if kind == "convention-signed"
    )
    yield Count("conventions parties plus de vingt minutes après la signature", late, 0)


def _days(life: Life) -> Iterator[Count]:
    wrong = sum(
        life.planned[each.number] != attested_days(each) + each.absences
        for each in life.placements
        if each.number in life.planned
    )
    total = 0
    for tenant in life.tenants:
        with work(tenant) as session:
            mine = [life.rows[each.number] for each in life.placements if life.tenants[each.school] == tenant]
            of_ours = Attestation.convention_id.in_(mine)
            total += int(session.scalar(select(func.sum(Attestation.effective_days)).where(of_ours)) or 0)
    yield Count("jours attestés", total, sum(map(attested_days, life.placements)))
    yield Count("conventions dont les jours prévus diffèrent du compte fait à part", wrong, 0)
    yield Count("attestations de 200 jours refusées", life.refused, len(life.placements))


def _work(life: Life) -> Iterator[Count]:
    states: Counter[str] = Counter()
    for tenant in life.tenants:
        with work(tenant) as session:
            states.update(
                dict(
                    session.execute(
                        select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state)
                    ).all()
                )
            )
    received = len(list(Path(str(life.settings.demo_mails)).joinpath("mails").glob("*.eml")))
    yield Count("courriels reçus par le serveur de courriel", received, states[WorkState.DONE] - life.before)
    yield Count("courriels qui attendent ou ont échoué", states.total() - states[WorkState.DONE], 0)


if __name__ == "__main__":
    main()
