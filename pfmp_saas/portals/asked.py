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
from pfmp_saas.conventions.queries import Concerned
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
    tasks: list[Task] = []
    schools: list[tuple[Place, list[Convention]]] = []
    for place in people.visited(session(), signed_in().account_id):
        if place.roles & {*HOSTS, *FAMILY}:
            mine = queries.of_account(session(), signed_in().account_id)
            tasks += _tasks(place, mine)
            if place.roles & set(roles):
                schools.append((place, mine.in_roles(roles)))
    tasks.sort(key=lambda task: (not task.due, task.day))
    schools.sort(key=lambda school: school[0].name)
    return render_template("portals/shared/inbox.html", space=space, tasks=tasks, schools=schools)


def _tasks(place: Place, mine: Concerned) -> Iterator[Task]:
    """Yield what the current tenant, which is ``place``, asks of the signed-in person."""
    today = now().astimezone(place.zone).date()
    for signer in signing.awaiting(session(), signed_in().email):
        yield _to_sign(place, signer, today)
    yield from _to_attest(place, mine, today)
    yield from _to_evaluate(place, mine, today)


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


def _to_attest(place: Place, mine: Concerned, today: date) -> Iterator[Task]:
    rows = {row.id: row for row in mine.in_roles((Role.HOST_REPRESENTATIVE,))}
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


def _to_evaluate(place: Place, mine: Concerned, today: date) -> Iterator[Task]:
    rows = mine.in_roles((Role.STUDENT,)) if Role.STUDENT in place.roles else []
    given = evaluations.given(session(), [row.id for row in rows]) if rows else set()
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
