"""The school that measures generate: conventions of a class-wide campaign, each with people of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts import roles
from pfmp_saas.accounts.forms import Member
from pfmp_saas.bench.ground import Bench
from pfmp_saas.conventions import use_cases
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.roles import Role
from pfmp_saas.demo.classes import siret
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.links import new_link
from pfmp_saas.signing.models import SignatureRequest

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """A convention in signature: its request, and the secret of each signer's link, in their order."""

    request: SignatureRequest
    tokens: tuple[str, ...]


def model(session: Session) -> Convention:
    """Return the demonstration's draft, which every generated one follows. Raises BadInput without one."""
    row = session.scalars(select(Convention).where(Convention.state == "draft")).first()
    if row is None:
        raise BadInput("la démonstration n’a pas de brouillon à mesurer")
    return row


def draft(session: Session, like: Json, rank: int, now: datetime) -> Convention:
    """Add the draft ``rank`` (from 0) of a campaign: eight pupils a teacher, two a tutor, twenty a large host."""
    row = use_cases.create_draft(session, student_id=None, created_by=None, now=now)
    changes = {
        **like,
        "student": {**like["student"], "last_name": f"Élève {rank}"},
        "tutor": {**like["tutor"], "email": f"tuteur{rank // 2}@hote.example"},
        "referent": {**like["referent"], "email": f"referent{rank // 8}@lycee.example"},
        "host": {**like["host"], "siret": siret(rank // 20), "staff": 400},
    }
    return use_cases.save(session, row.id, changes)


def sent(bench: Bench, like: Json, rank: int, now: datetime) -> Sent:
    """Send the convention ``rank`` of a campaign; the caller commits."""
    row = draft(bench.session, like, rank, now)
    _teaches(bench.session, row.data["referent"], now)
    settings = bench.settings
    use_cases.send(
        bench.session, row.id, kek=settings.key_encryption_key, base_url=settings.base_url, now=now
    )
    request = signing.request_of(bench.session, "convention", row.id)
    if request is None:
        raise BadInput("la convention mesurée n’est pas partie en signature")
    return Sent(request, tuple(new_link(bench.session, signer, now) for signer in request.signers))


def _teaches(session: Session, referent: Json, now: datetime) -> None:
    """Make the referent a teacher of the school: a convention leaves with no other."""
    roles.give(
        session, Member(referent["email"], referent["name"], Role.REFERENT), roles.Giving(None, "", now)
    )
