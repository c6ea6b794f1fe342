"""What is asked of a host or of a family, in every school: one list, each row with its capacity, which it opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for

from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts.queries import Place
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.conventions import queries
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.roles import LABELS, STAFF, Role
from pfmp_saas.evaluations import queries as evaluations
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.models import Signer

FAMILY = (Role.STUDENT, Role.GUARDIAN)
HOSTS = (Role.HOST_REPRESENTATIVE, Role.TUTOR)


@dataclass(frozen=True)
class Task:
    """One thing asked: in which school and as whom, since or until which day, and where it is done.

    It is ``due`` by its day, or only open since then. What is ``sent`` is done by a form, the rest by a link.
    """

    place: Place
    what: str
    capacity: str
    day: date
    today: date
    url: str
    action: str
    due: bool = False
    sent: bool = False


def inbox(space: str, *roles: Role) -> str:
    """Show what every school asks of the signed-in person, then the conventions of one space, school by school."""
    places = [
        place for place in people.places(session(), signed_in().account_id) if place.roles & {*HOSTS, *FAMILY}
    ]
    tasks = sorted(
        (task for place in places for task in _tasks(place)), key=lambda task: (not task.due, task.day)
    )
    schools = [(place, _conventions(place, roles)) for place in places if place.roles & set(roles)]
    enter_tenant(session(), None)
    return render_template("portals/shared/inbox.html", space=space, tasks=tasks, schools=schools)


def _conventions(place: Place, roles: tuple[Role, ...]) -> list[Convention]:
    enter_tenant(session(), place.establishment_id)
    return queries.for_party(session(), signed_in().account_id, {role.value for role in roles})


def _tasks(place: Place) -> Iterator[Task]:
    enter_tenant(session(), place.establishment_id)
    today = now().astimezone(place.zone).date()
    for signer in signing.awaiting(session(), signed_in().email):
        yield _to_sign(place, signer, today)
    yield from _to_attest(place, today)
    yield from _to_evaluate(place, today)


def _to_sign(place: Place, signer: Signer, today: date) -> Task:
    role = Role(signer.field)
    opened = signer.request.opened_at.astimezone(place.zone).date()
    if role in STAFF:
        url = url_for("school.to_sign", uai=place.uai)
        return Task(
            place, signer.request.title, signer.capacity, opened, today, url, "Voir ce qui est à signer"
        )
    space = "family" if role in FAMILY and place.roles & set(FAMILY) else "company"
    url = url_for(f"{space}.sign_as", uai=place.uai, signer_id=signer.id)
    return Task(place, signer.request.title, signer.capacity, opened, today, url, "Lire et signer", sent=True)


def _to_attest(place: Place, today: date) -> Iterator[Task]:
    rows = {row.id: row for row in _conventions(place, (Role.HOST_REPRESENTATIVE,))}
    for expected in attestations.to_prepare(session(), rows, today):
        yield Task(
            place,
            f"Attestation de {rows[expected.convention_id].student_name}",
            LABELS[Role.HOST_REPRESENTATIVE].capitalize(),
            expected.due_on,
            today,
            url_for("company.attestation", uai=place.uai, attestation_id=expected.id),
            "Compléter",
            due=True,
        )


def _to_evaluate(place: Place, today: date) -> Iterator[Task]:
    rows = _conventions(place, (Role.STUDENT,)) if Role.STUDENT in place.roles else []
    given = evaluations.given(session(), [row.id for row in rows])
    for row in rows:
        if row.ends_on and row.id not in given and evaluations.is_open(row, today):
            yield Task(
                place,
                f"Votre avis sur {row.host_name}",
                LABELS[Role.STUDENT].capitalize(),
                row.ends_on,
                today,
                url_for("family.evaluation", uai=place.uai, convention_id=row.id),
                "Répondre",
            )
