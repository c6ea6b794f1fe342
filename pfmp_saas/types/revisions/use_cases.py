"""Derive, edit, adopt, retire, import a school's convention type; and find the one a convention is bound to."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.core.database import current_tenant, existing
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.events import RevisionAdopted, RevisionRetired, emit
from pfmp_saas.core.moves import advance, locked, may, move
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.errors import InvalidType, UnknownType
from pfmp_saas.types.loader import get_type, packaged_digest
from pfmp_saas.types.mentions import missing
from pfmp_saas.types.model import ConventionType
from pfmp_saas.types.revisions import bases, errors
from pfmp_saas.types.revisions.content import Content, built, derived, derived_from, renumbered, sources
from pfmp_saas.types.revisions.edits import Edit
from pfmp_saas.types.revisions.file import digest, dumped, parsed, read
from pfmp_saas.types.revisions.merge import Merge, merged
from pfmp_saas.types.revisions.models import TypeRevision
from pfmp_saas.types.revisions.states import RevisionState

LARGEST = 1_500_000
"""Bytes of a type's file, its logo in it."""


class Bound(Protocol):
    """What is bound to a type: a convention."""

    type_slug: str
    type_revision_id: uuid.UUID | None
    base_digest: str | None


def type_of(session: Session, row: Bound) -> ConventionType:
    """Return the type of a convention: its school's revision, or the packaged type.

    The packaged one is today's while the convention is a draft, and for ever that of its sending afterwards.
    """
    if row.type_revision_id is not None:
        return kind_of(session, session.get_one(TypeRevision, row.type_revision_id))
    return bases.base_of(session, row.base_digest) if row.base_digest else get_type(row.type_slug)


def bind(session: Session, row: Bound) -> str:
    """Bind a convention for ever to its type and return the digest that names it, to be put in evidence."""
    if row.type_revision_id is not None:
        return session.get_one(TypeRevision, row.type_revision_id).digest
    row.base_digest = bases.keep(session, row.type_slug)
    return row.base_digest


def bound_digest(session: Session, row: Bound) -> str:
    """Return the digest of the type that a convention was bound to at its sending."""
    if row.type_revision_id is not None:
        return session.get_one(TypeRevision, row.type_revision_id).digest
    assert row.base_digest is not None
    return row.base_digest


def kind_of(session: Session, row: TypeRevision) -> ConventionType:
    """Return the type that a revision makes. Raises InvalidType."""
    content = read(row.content)
    return _built(content, bases.text_of(session, content.base_digest))


@lru_cache(maxsize=64)
def _built(content: Content, base: str) -> ConventionType:
    return built(content, bases.read(base))


def everyone(session: Session) -> list[TypeRevision]:
    """Return the current school's revisions, the latest first."""
    return list(session.scalars(select(TypeRevision).order_by(TypeRevision.number.desc())))


def get(session: Session, revision_id: uuid.UUID) -> TypeRevision:
    """Return a revision. Raises NotFound, for another school's as for none."""
    return existing(session, TypeRevision, revision_id)


def in_force(session: Session, slug: str) -> TypeRevision | None:
    """Return the revision that new conventions of this base follow, if the school adopted one."""
    statement = select(TypeRevision).where(
        TypeRevision.base_slug == slug, TypeRevision.state == RevisionState.ADOPTED
    )
    return session.scalars(statement.order_by(TypeRevision.number.desc()).limit(1)).one_or_none()


def derive(session: Session, slug: str, created_by: uuid.UUID | None) -> TypeRevision:
    """Open a draft: the revision in force, or the base where there is none."""
    present = in_force(session, slug)
    bases.keep(session, slug)
    return open_draft(session, read(present.content) if present else derived(slug), created_by)


def outdated(session: Session, slug: str) -> TypeRevision | None:
    """Return the revision to be brought to today's base: the one in force, if it derives from a former one."""
    present = in_force(session, slug)
    if present is None or read(present.content).base_digest == packaged_digest(slug):
        return None
    return present


def rebase(session: Session, slug: str, choices: Mapping[str, str]) -> Merge:
    """Bring the revision in force to today's base, by a three-way merge. Raises NotFound when it is up to date."""
    present = outdated(session, slug)
    if present is None:
        raise NotFound
    ours, new = read(present.content), derived(slug)
    found = merged(former(session, ours), ours, new, choices)
    kind = get_type(slug)
    known = {annex.slug for annex in kind.annexes}
    same = sorted(ours.signing_order) == sorted(signer.name for signer in kind.signers)
    content = replace(
        found.content,
        annexes_off=tuple(each for each in ours.annexes_off if each in known),
        signing_order=ours.signing_order if same else (),
    )
    return replace(found, content=renumbered(content))


def former(session: Session, content: Content) -> Content:
    """Return the very base that a revision derives from, as a first revision."""
    document = bases.document_of(session, content.base_digest)
    return derived_from(content.base_digest, bases.base_of(session, content.base_digest), sources(document))


def take_in(session: Session, file: bytes, created_by: uuid.UUID | None) -> TypeRevision:
    """Open a draft from another school's file: all of it, or DomainError with what is wrong and where."""
    if len(file) > LARGEST:
        raise errors.FileTooLarge(most=f"{LARGEST:_}".replace("_", " "))
    try:
        content = renumbered(parsed(file.decode("utf-8-sig")))
        _own_base(session, content.base)
        if packaged_digest(content.base) == content.base_digest:
            bases.keep(session, content.base)
        built(content, bases.base_of(session, content.base_digest))
    except UnicodeDecodeError:
        raise errors.NotText from None
    except UnknownType as error:
        raise errors.UnknownBase(slug=error.slug) from None
    except InvalidType as error:
        raise DomainError(sentence(error), field="file") from None
    return open_draft(session, content, created_by)


def _own_base(session: Session, slug: str) -> None:
    """Check that a revision derives from the model that the school's conventions follow. Raises OtherBase."""
    mine = tenants.here(session).type_slug
    if slug != mine:
        raise errors.OtherBase(theirs=get_type(slug).label, ours=get_type(mine).label)


def sentence(error: InvalidType) -> str:
    """Return a fault as a sentence for people."""
    return f"{str(error)[:1].upper()}{str(error)[1:]}."


def open_draft(session: Session, content: Content, created_by: uuid.UUID | None) -> TypeRevision:
    """Open a draft of ``content``, numbered in its school."""
    _one_at_a_time(session)
    if packaged_digest(content.base) == content.base_digest:
        bases.keep(session, content.base)
    latest = session.scalar(select(func.max(TypeRevision.number))) or 0
    row = TypeRevision(
        id=uuid.uuid4(),
        tenant_id=current_tenant(session),
        number=latest + 1,
        base_slug=content.base,
        state=RevisionState.DRAFT,
        content=dumped(content),
        digest=digest(content),
        created_by=created_by,
    )
    session.add(row)
    session.flush()
    return row


def _one_at_a_time(session: Session) -> None:
    """Let one transaction at once number or adopt the current school's revisions, until it ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"type:{current_tenant(session)}"))))


def change(session: Session, revision_id: uuid.UUID, edit: Edit) -> TypeRevision:
    """Edit a draft. Raises NotFound, Conflict once adopted, DomainError when the text cannot stand."""
    row = locked(session, TypeRevision, revision_id)
    if row.state != RevisionState.DRAFT:
        raise errors.AdoptedNoMore
    content = renumbered(edit(read(row.content)))
    try:
        built(content, bases.base_of(session, content.base_digest))
    except InvalidType as error:
        raise DomainError(sentence(error), field="text") from None
    row.content, row.digest = dumped(content), digest(content)
    session.flush()
    return row


def lacking(session: Session, row: TypeRevision) -> tuple[str, ...]:
    """Say which mandatory mentions (education code, D124-4) a revision does not carry; empty when it may be adopted."""
    return missing(kind_of(session, row))


def adopt(
    session: Session,
    revision_id: uuid.UUID,
    *,
    on: date,
    number: str,
    now: datetime,
    by: uuid.UUID | None = None,
) -> TypeRevision:
    """Put a draft in force by the board's deliberation; the one before it retires.

    ``by`` is the account that does it, None for the platform.
    Raises NotFound, Conflict, DomainError when a mandatory mention (education code, D124-4) is no longer carried.
    """
    _one_at_a_time(session)
    row = locked(session, TypeRevision, revision_id)
    may(row, "adopt")
    _own_base(session, row.base_slug)
    absent = lacking(session, row)
    if absent:
        raise errors.MentionsMissing(absent=" ; ".join(absent))
    for former in _adopted(session, row.base_slug):
        retire(session, former, now, by=by)
    advance(row, "adopt")
    row.adopted_at = now
    row.deliberation_on, row.deliberation_number = on, number.replace("\x00", "").strip()[:60]
    session.flush()
    emit(session, RevisionAdopted(subject_id=row.id, at=now, by=str(by or "")))
    return row


def retire(
    session: Session, revision_id: uuid.UUID, now: datetime, *, by: uuid.UUID | None = None
) -> TypeRevision:
    """Go back to the base for new conventions; those already made keep theirs. Raises NotFound, Conflict.

    ``by`` is the account that does it, None for the platform.
    """
    row = move(session, TypeRevision, revision_id, "retire")
    row.retired_at = now
    session.flush()
    emit(session, RevisionRetired(subject_id=row.id, at=now, by=str(by or "")))
    return row


def _adopted(session: Session, base_slug: str) -> list[uuid.UUID]:
    """Return the revisions in force of a base: one at most."""
    in_force_now = (TypeRevision.base_slug == base_slug, TypeRevision.state == RevisionState.ADOPTED)
    return list(session.scalars(select(TypeRevision.id).where(*in_force_now)))
