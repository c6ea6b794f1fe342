"""What people do in the year, each at an instant passed in: send, sign, amend, note, hurt themselves, attest."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.accidents import queries as accident_queries
from pfmp_saas.accidents import use_cases as accidents
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attesting
from pfmp_saas.bench.year.duties import Duty, Staff, attested_days
from pfmp_saas.bench.year.plan import FIVE, OPENS, Placement
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.roles import Role
from pfmp_saas.core.settings import Settings
from pfmp_saas.core.unit_of_work import attempt
from pfmp_saas.demo.classes import siret
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups.use_cases import record
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing import texts
from pfmp_saas.signing.use_cases import sign

Action = Callable[[Session], None]


@dataclass
class Life:
    """What the year has made: its clock, what was written, the rows of each placement."""

    settings: Settings
    placements: list[Placement]
    tenants: list[uuid.UUID] = field(default_factory=list)
    staff: list[Staff] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=list)
    clock: datetime = OPENS
    written: Counter[Duty] = field(default_factory=Counter)
    subjects: dict[uuid.UUID, int] = field(default_factory=dict)
    rows: dict[int, uuid.UUID] = field(default_factory=dict)
    planned: dict[int, Decimal] = field(default_factory=dict)
    refused: int = 0
    before: int = 0
    seen: datetime | None = None

    def now(self) -> datetime:
        """Return the instant that is lived."""
        return self.clock


def agenda(life: Life) -> Iterator[tuple[datetime, int, Action]]:
    for each in life.placements:
        yield each.sent, each.school, _bound(life, each, _send)
        for rank in range(len(FIVE)):
            yield each.signed(rank), each.school, _bound(life, each, _sign(rank))
        if each.moved_to:
            yield each.amended, each.school, _bound(life, each, _amend)
        for kind, day in (("contact", each.contact_on), ("visit", each.visit_on)):
            yield datetime.combine(day, _NOON, each.sent.tzinfo), each.school, _bound(life, each, _note(kind))
        if each.hurt:
            yield each.hurt.recorded, each.school, _bound(life, each, _hurt)
            yield each.hurt.declared, each.school, _bound(life, each, _declare)
        yield each.attested, each.school, _bound(life, each, _attest)


_NOON = time(12)
Step = Callable[[Life, Placement, Session], None]


def _bound(life: Life, placement: Placement, step: Step) -> Action:
    return lambda session: step(life, placement, session)


def _send(life: Life, each: Placement, session: Session) -> None:
    row = conventions.create_draft(session, student_id=None, created_by=None, now=life.clock)
    conventions.save(session, row.id, _data(life, each))
    own = life.settings
    conventions.send(session, row.id, kek=own.key_encryption_key, base_url=own.base_url, now=life.clock)
    life.rows[each.number] = row.id
    life.subjects[row.id] = each.number
    request = signing.request_of(session, "convention", row.id)
    assert request is not None  # it was just sent
    life.subjects |= {signer.id: each.number for signer in request.signers}


def _data(life: Life, each: Placement) -> dict[str, Any]:
    like = life.models[each.school]
    guardian = {"name": f"Parent {each.pupil}", "email": each.address("parent")}
    student = {
        **like["student"],
        "first_name": "Élève",
        "last_name": f"Numéro {each.pupil}",
        "class_name": each.class_name,
        "birth_date": "2010-03-17" if each.minor else "2007-03-17",
        "email": each.address("eleve"),
        "guardian": guardian if each.minor else None,
        "sequence": like["student"].get("sequence"),
    }
    person = {"name": f"Gérant {each.number}", "function": "Gérant", "email": each.address("direction")}
    territory = each.hurt.territory if each.hurt and each.school == 0 else like["host"]["territory"]
    return {
        **{name: value for name, value in like.items() if name not in ("school", "type", "student")},
        "student": student,
        "host": {
            **like["host"],
            "siret": siret(400_000 + each.number),
            "representative": person,
            "territory": territory,
        },
        "tutor": {**like["tutor"], "name": f"Tuteur {each.number}", "email": each.address("tuteur")},
        "referent": {"email": life.staff[each.school].referent(each)},
        "periods": [{"start": each.start.isoformat(), "end": each.end.isoformat()}],
        "works": [],
    }


def _sign(rank: int) -> Step:
    def step(life: Life, each: Placement, session: Session) -> None:
        request = signing.request_of(session, "convention", life.rows[each.number])
        assert request is not None  # it was sent
        (signer,) = [signer for signer in request.signers if signer.field == FIVE[rank]]
        _give(life, session, signer.id, request.frozen_hash)

    return step


def _give(life: Life, session: Session, signer_id: uuid.UUID, shown: str) -> None:
    sign(
        session,
        signer_id,
        shown_hash=shown,
        consent=True,
        consent_text=texts.CONSENT,
        authentication=texts.BY_LINK,
        kek=life.settings.key_encryption_key,
        now=life.clock,
    )


def _amend(life: Life, each: Placement, session: Session) -> None:
    assert each.moved_to is not None
    parts = {"periods": [{"start": each.start.isoformat(), "end": each.moved_to.isoformat()}]}
    wish = amendments.Wish(each.nature, "Accord des parties", None, parts)
    row = amendments.open_draft(session, life.rows[each.number], wish, created_by=None)
    own = life.settings
    amendments.send(session, row.id, kek=own.key_encryption_key, base_url=own.base_url, now=life.clock)
    life.subjects[row.id] = each.number
    request = signing.request_of(session, amendments.KIND, row.id)
    assert request is not None  # it was just sent
    for signer in request.signers:
        _give(life, session, signer.id, request.frozen_hash)


def _note(kind: str) -> Step:
    def step(life: Life, each: Placement, session: Session) -> None:
        teacher = _account(session, life, each, Role.REFERENT)
        for act in followups.of_convention(session, life.rows[each.number]):
            if act.kind == kind:
                day = life.clock.date()
                record(session, act.id, done_on=day, today=day, recorded_by=teacher, now=life.clock)

    return step


def _account(session: Session, life: Life, each: Placement, role: str) -> uuid.UUID:
    row = session.get_one(Convention, life.rows[each.number])
    return next(party.account_id for party in row.parties if party.role == role)


def _hurt(life: Life, each: Placement, session: Session) -> None:
    assert each.hurt is not None
    row = accidents.record_accident(
        session,
        life.rows[each.number],
        accidents.Facts(each.hurt.occurred, each.hurt.known, "Atelier", "Chute de plain-pied"),
        accidents.Teller(_account(session, life, each, Role.TUTOR), "host"),
        life.clock,
    )
    life.subjects[row.id] = each.number


def _declare(life: Life, each: Placement, session: Session) -> None:
    (row,) = accident_queries.of_convention(session, life.rows[each.number])
    accidents.declare(
        session,
        row.id,
        accidents.Sending("net-entreprises"),
        accidents.Teller(_account(session, life, each, Role.TUTOR), "host"),
        life.clock,
    )


def _attest(life: Life, each: Placement, session: Session) -> None:
    """Prepare and sign the attestation; one that claims more days than the dates hold is tried first, and refused."""
    row = session.get_one(Convention, life.rows[each.number])
    life.planned[each.number] = attestations.held(session, row).planned
    attestation = attestations.of_convention(session, row.id)
    assert attestation is not None  # it is expected since the last signature
    life.subjects[attestation.id] = each.number
    try:
        with attempt(session):
            _prepare(life, session, attestation.id, 200, "")
    except DomainError:
        life.refused += 1
    reason = "Absences justifiées" if each.absences else ""
    request = _prepare(life, session, attestation.id, attested_days(each), reason)
    _give(life, session, request.signers[0].id, request.frozen_hash)


def _prepare(life: Life, session: Session, attestation_id: uuid.UUID, days: int, reason: str) -> Any:
    own = life.settings
    return attesting.prepare(
        session,
        attestation_id,
        effective_days=Decimal(days),
        gratification=Decimal(0),
        place="sur place",
        reason=reason,
        today=life.clock.date(),
        kek=own.key_encryption_key,
        base_url=own.base_url,
        now=life.clock,
    )
