"""Use cases of a convention: draft, save, check, send, and the moves that signatures cause."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account
from pfmp_saas.accounts.use_cases import ensure_account, ensure_membership
from pfmp_saas.conventions import caps, errors, judging, known, queries, staff
from pfmp_saas.conventions.freeze import in_turn, is_minor, printed, render_convention, signers
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.dates import between
from pfmp_saas.core.events import ConventionSent, ConventionSigned, emit
from pfmp_saas.core.moves import advance, locked, may, move
from pfmp_saas.core.roles import STAFF, Role
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.law.facts import parse
from pfmp_saas.roster import queries as roster
from pfmp_saas.signing.opening import SignerSpec, open_request
from pfmp_saas.signing.use_cases import withdraw as withdraw_request
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.document import digest_of
from pfmp_saas.types.loader import get_type
from pfmp_saas.types.revisions.use_cases import bind, in_force, type_of

Json = dict[str, Any]


def create_draft(
    session: Session, *, student_id: uuid.UUID | None, created_by: uuid.UUID | None, now: datetime
) -> Convention:
    """Open a draft, numbered in the civil year, prefilled with the school's and the pupil's known data."""
    school = tenants.get(session, current_tenant(session))
    course = roster.course_of(session, roster.student(session, student_id).mef) if student_id else None
    slug = course.type_slug if course and course.type_slug else school.type_slug
    kind, revision = get_type(slug), in_force(session, slug)
    data: Json = {
        "type": kind.slug,
        "school": known.of_school(session, school, revision),
        "student": {},
        "host": {},
        "tutor": {},
    }
    if student_id:
        student = known.of_student(session, student_id)
        data["student"] = queries.remembered(session, student_id, student["diploma"]) | student
    if course and course.works:
        data["works"] = list(course.works)
    row = Convention(
        id=uuid.uuid4(),
        tenant_id=school.id,
        number=_number(session, now.astimezone(ZoneInfo(school.timezone)).year),
        state=ConventionState.DRAFT,
        type_slug=kind.slug,
        type_version=kind.version,
        type_revision_id=revision.id if revision else None,
        data=data,
        student_id=student_id,
        created_by=created_by,
    )
    session.add(row)
    index(row)
    session.flush()
    return row


def _number(session: Session, year: int) -> str:
    """Return the next number of the year; two drafts at once wait for each other."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(str(current_tenant(session))))))
    latest = session.scalar(select(func.max(Convention.number)).where(Convention.number.like(f"{year}-%")))
    return f"{year}-{int(latest.split('-')[1]) + 1 if latest else 1:05d}"


def draft(session: Session, convention_id: uuid.UUID) -> Convention:
    """Return a draft under lock and read afresh. Raises NotFound, Conflict when it was sent."""
    row = locked(session, Convention, convention_id)
    if row.state != ConventionState.DRAFT:
        raise errors.NotDraft
    return row


def save(
    session: Session, convention_id: uuid.UUID, changes: Mapping[str, Any], by: uuid.UUID | None = None
) -> Convention:
    """Replace the named parts of a draft; ``by`` is the account that does. Raises Conflict when it was sent."""
    row = draft(session, convention_id)
    row.data = {**row.data, **staff.named(session, changes)}
    row.draft_version += 1
    row.updated_at, row.saved_by = func.now(), by
    index(row)
    row.blocking = judging.blocking(session, row)
    session.flush()
    return row


def index(row: Convention) -> None:
    """Copy the data that lists and searches need into columns."""
    student, host = row.data.get("student") or {}, row.data.get("host") or {}
    row.student_name = f"{student.get('first_name') or ''} {student.get('last_name') or ''}".strip()
    row.host_name, row.class_name = host.get("name") or "", student.get("class_name") or ""
    whole = [each for each in row.data.get("periods") or [] if each.get("start") and each.get("end")]
    row.starts_on = min((date.fromisoformat(period["start"]) for period in whole), default=None)
    row.ends_on = max((date.fromisoformat(period["end"]) for period in whole), default=None)


_KEPT = (
    "id", "tenant_id", "number", "state", "draft_version", "type_slug", "type_version", "type_revision_id",
    "base_digest", "student_name",
)  # fmt: skip


def as_typed(row: Convention, changes: Mapping[str, Any]) -> Convention:
    """Return a draft as it would be with ``changes``, apart from the database."""
    return Convention(**{name: getattr(row, name) for name in _KEPT}, data={**row.data, **changes})


def send(
    session: Session,
    convention_id: uuid.UUID,
    *,
    kek: bytes,
    base_url: str,
    now: datetime,
    timestamped: bool = False,
    on_paper: Collection[str] = (),
) -> Convention:
    """Freeze a draft and invite its five signers. Raises DomainError when a finding blocks, Conflict when sent.

    ``timestamped`` promises an authority's time; ``on_paper`` are the fields of those who will sign on paper.
    """
    row = locked(session, Convention, convention_id)
    today = tenants.today(session, now)
    _check(session, row, today)
    five = signers(row.data, today, on_paper)
    row.data = {**row.data, "signers": printed(five)}
    kind, type_digest = type_of(session, row), bind(session, row)
    request = open_request(
        session,
        subject_kind="convention",
        subject_id=row.id,
        title=title(row),
        rendered=render_convention(kind, row.data),
        signers=in_turn(kind, five),
        in_order=kind.in_order,
        frozen={"type": type_digest, "data": digest_of(row.data)},
        columns=shown(row),
        kek=kek,
        base_url=base_url,
        now=now,
        timestamped=timestamped,
    )
    _register(session, row, five, today)
    row.request_id, row.sent_at, row.blocking = request.id, now, None
    emit(session, ConventionSent(subject_id=row.id, at=now))
    session.flush()
    return row


def title(row: Convention) -> str:
    """Return what a convention is called in lists and mails: number, pupil, days."""
    assert row.starts_on is not None and row.ends_on is not None  # noqa: PT018 - nothing blocks: it has its dates
    return f"Convention de PFMP no {row.number} – {row.student_name}, {between(row.starts_on, row.ends_on)}"


def shown(row: Convention) -> Json:
    """Return the columns of a convention that neither its data nor its type gives, for the evidence of its sending."""
    return {name: getattr(row, name) for name in ("number", "type_version", "student_id", "created_by")}


def _check(session: Session, row: Convention, today: date) -> None:
    """Check that a draft may leave; the caps' last places are taken one sender at a time. Raises DomainError."""
    may(row, "send")
    row.data = staff.in_office(session, row.data, "convention", today)
    caps.lock(session, row)
    stops = [finding for finding in judging.findings(session, row) if finding.severity == "block"]
    if stops:
        raise errors.Blocked(count=len(stops))


def _register(session: Session, row: Convention, five: tuple[SignerSpec, ...], today: date) -> None:
    """Move a convention to sent, open it to the people it concerns, and count it in the caps."""
    advance(row, "send")
    open_to(session, row, five, minor=is_minor(row.data["student"], today))
    caps.register(session, row, parse(row.data))


def open_to(session: Session, row: Convention, five: tuple[SignerSpec, ...], *, minor: bool) -> None:
    """Open the convention to the people it concerns: the five, and the pupil even when a parent signs."""
    known = {(party.role, party.email) for party in row.parties}
    for role, (name, email) in concerned(row, five, minor=minor).items():
        if not email:  # signs on paper: no portal, no copy by mail
            continue
        account = ensure_account(session, email)
        if role not in STAFF:  # the school's own people have their roles from the school
            ensure_membership(session, account, role, name)
        if (role, account.email) not in known:
            row.parties.append(_party(row, role, name, account))


def concerned(row: Convention, five: tuple[SignerSpec, ...], *, minor: bool) -> dict[Role, tuple[str, str]]:
    """Return the people whom a convention concerns, name and address, by role; an address is empty for who has none."""
    student = row.data["student"]
    people_of = {Role(spec.field): (spec.name, spec.email) for spec in five}
    if minor:
        people_of[Role.GUARDIAN] = people_of.pop(Role.STUDENT)
        if student.get("email"):
            people_of[Role.STUDENT] = (row.student_name, student["email"])
    return people_of


def _party(row: Convention, role: Role, name: str, account: Account) -> ConventionParty:
    return ConventionParty(
        tenant_id=row.tenant_id,
        convention_id=row.id,
        role=role,
        name=name,
        email=account.email,
        account_id=account.id,
    )


def complete(session: Session, convention_id: uuid.UUID, now: datetime) -> Convention:
    """Move a convention to signed: the last signer has signed. Raises NotFound, Conflict."""
    row = move(session, Convention, convention_id, "complete")
    row.signed_at = now
    emit(session, ConventionSigned(subject_id=row.id, at=now))
    return row


def refuse(session: Session, convention_id: uuid.UUID) -> Convention:
    """Move a convention to refused, because a signer refused; its places in the caps are free again."""
    return _ended(session, convention_id, "refuse")


def withdraw(session: Session, convention_id: uuid.UUID, actor: Actor, now: datetime) -> Convention:
    """Take a sent convention back from signature for the school. Raises NotFound, Conflict once it is signed.

    Its request is locked first, as for a signature: the last signer and the school never wait for each other.
    """
    row = queries.get(session, convention_id)
    may(row, "withdraw")
    assert row.request_id is not None  # it was sent
    withdraw_request(session, row.request_id, actor, now)
    return row


def withdrawn(session: Session, convention_id: uuid.UUID) -> Convention:
    """Move a convention to withdrawn, since its request was; its places in the caps are free again."""
    return _ended(session, convention_id, "withdraw")


def _ended(session: Session, convention_id: uuid.UUID, action: str) -> Convention:
    row = move(session, Convention, convention_id, action)
    caps.release(session, row)
    return row
