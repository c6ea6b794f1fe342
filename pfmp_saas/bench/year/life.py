"""The year as it is lived: real rows, real jobs through Valkey, real mails through SMTP, at instants passed in."""

import heapq
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

from rq import Queue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.accidents import queries as accident_queries
from pfmp_saas.accidents import use_cases as accidents
from pfmp_saas.accounts import roles
from pfmp_saas.accounts.forms import Member
from pfmp_saas.amendments import use_cases as amendments
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attesting
from pfmp_saas.bench.year.duties import Duty, Staff, attested_days
from pfmp_saas.bench.year.plan import FIVE, OPENS, SCHOOLS, Placement
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.queue import MAIL_QUEUE, queue
from pfmp_saas.core.retries import WorkState
from pfmp_saas.core.roles import Role
from pfmp_saas.core.settings import MailSettings, Settings
from pfmp_saas.core.unit_of_work import attempt
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.demo.classes import siret
from pfmp_saas.demo.services import MailCatcher, Valkey
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups.use_cases import record
from pfmp_saas.jobs.runtime import configure, work
from pfmp_saas.jobs.tick import tick
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing import texts
from pfmp_saas.signing.use_cases import sign
from pfmp_saas.tenants.queries import by_uai

TEACHERS = 8
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


@contextmanager
def servers(settings: Settings, directory: Path) -> Iterator[Settings]:
    """Give the settings a Valkey and a mail server that run."""
    valkey, catcher = Valkey(), MailCatcher(directory / "mails")
    try:
        mail = MailSettings("127.0.0.1", catcher.port, "pfmp@pfmp.example")
        yield replace(settings, redis_url=valkey.url, mail=mail)
    finally:
        catcher.stop()
        valkey.stop()


def live(settings: Settings, placements: list[Placement], until: datetime) -> Life:
    """Live the year to its end, instant after instant; return what it has made."""
    life = Life(settings, placements)
    configure(settings, life.now)
    _people(life)
    order = count()
    agenda = [(at, next(order), school, action) for at, school, action in _agenda(life)]
    heapq.heapify(agenda)
    queues = [queue(settings), queue(settings, MAIL_QUEUE)]
    life.before = _sent_before(life)
    while (at := _next(life, agenda)) is not None and at <= until:
        life.clock = at
        while agenda and agenda[0][0] == at:
            _, _, school, action = heapq.heappop(agenda)
            with work(life.tenants[school]) as session:
                action(session)
        while tick():
            _work_off(queues)
        _read_mails(life)
    return life


def _work_off(queues: list[Queue]) -> None:
    """Do the jobs that wait, in this process: their clock is ours."""
    while (found := Queue.dequeue_any(queues, None, connection=queues[0].connection)) is not None:
        job, _ = found
        job.perform()
        job.delete()


def _sent_before(life: Life) -> int:
    """Return the number of mails that the demonstration had sent before the year."""
    number = 0
    for tenant in life.tenants:
        with work(tenant) as session:
            done = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == WorkState.DONE)
            number += session.scalar(done) or 0
    return number


def _next(life: Life, agenda: list[Any]) -> datetime | None:
    """Return the next instant at which somebody acts or something falls due."""
    found = [agenda[0][0]] if agenda else []
    for tenant in life.tenants:
        with work(tenant) as session:
            at = func.greatest(DueItem.due_at, DueItem.next_try_at)  # null is left out
            waiting = select(func.min(at)).where(DueItem.state == WorkState.WAITING)
            due = session.scalar(waiting)
            found += [max(due, life.clock)] if due else []
    return min(found, default=None)


def _people(life: Life) -> None:
    """Take the schools of the demonstration, and give each the teachers that a hundred pupils need."""
    told = json.loads(files("pfmp_saas.demo").joinpath("data.json").read_text(encoding="utf-8"))["schools"]
    for uai in SCHOOLS:
        with work(None) as session:
            tenant = by_uai(session, uai).id
            enter_tenant(session, tenant)
            people = next(school["people"] for school in told if school["uai"] == uai)
            office = [email for role, _, email in people if role in ("head", "ddfpt", "secretariat")]
            teachers = tuple(f"professeur{rank}-{uai.lower()}@annee.example" for rank in range(TEACHERS))
            for rank, email in enumerate(teachers):
                member = Member(email, f"Professeur {rank}", Role.REFERENT)
                roles.give(session, member, roles.Giving(None, "", OPENS))
            drafts = select(Convention).where(Convention.state == "draft").limit(1)
            life.models.append(dict(session.scalars(drafts).one().data))
            life.tenants.append(tenant)
            life.staff.append(Staff(office[0], tuple(office), uai == SCHOOLS[1], teachers))


def _agenda(life: Life) -> Iterator[tuple[datetime, int, Action]]:
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
        occurred_at=each.hurt.occurred,
        known_at=each.hurt.known,
        place="Atelier",
        circumstances="Chute de plain-pied",
        commuting=False,
        recorded_by=_account(session, life, each, Role.TUTOR),
        recorded_as="host",
        now=life.clock,
    )
    life.subjects[row.id] = each.number


def _declare(life: Life, each: Placement, session: Session) -> None:
    (row,) = accident_queries.of_convention(session, life.rows[each.number])
    accidents.declare(
        session,
        row.id,
        means="net-entreprises",
        declared_by=_account(session, life, each, Role.TUTOR),
        declared_as="host",
        now=life.clock,
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


def _read_mails(life: Life) -> None:
    """Note what was written at this instant, to whom, about which placement; of others' conventions nothing."""
    for tenant in life.tenants:
        with work(tenant) as session:
            new = select(OutgoingMail).order_by(OutgoingMail.created_at)
            if life.seen is not None:
                new = new.where(OutgoingMail.created_at > life.seen)
            for mail in session.scalars(new):
                number = _about(life, session, mail.subject_id)
                if number is not None:
                    life.written[mail.kind, number, mail.recipient, life.clock.astimezone(UTC)] += 1
    with work(life.tenants[0]) as session:
        life.seen = session.scalar(select(func.clock_timestamp()))


def _about(life: Life, session: Session, subject: uuid.UUID) -> int | None:
    if subject not in life.subjects:
        for read in (followups.get, attestations.get):
            try:
                life.subjects[subject] = life.subjects.get(read(session, subject).convention_id, -1)
                break
            except DomainError:
                continue
    number = life.subjects.get(subject, -1)
    return number if number >= 0 else None
