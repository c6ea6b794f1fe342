"""Derive, edit, adopt, retire, import a school's convention type; and find the one a convention is bound to."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pfmp_saas.conventions.revisions.content import (
    Content,
    Piece,
    built,
    derived,
    digest,
    dumped,
    read,
    renumbered,
)
from pfmp_saas.conventions.revisions.models import TypeRevision
from pfmp_saas.conventions.revisions.states import RevisionState, move
from pfmp_saas.conventions.types.errors import InvalidType, UnknownType
from pfmp_saas.conventions.types.loader import get_type
from pfmp_saas.conventions.types.model import ConventionType
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.errors import Conflict, DomainError, NotFound

LARGEST = 1_000_000
"""Bytes of a type's file."""


class Bound(Protocol):
    """What is bound to a type: a convention."""

    type_slug: str
    type_revision_id: uuid.UUID | None


def type_of(session: Session, row: Bound) -> ConventionType:
    """Return the type to which a convention is bound for ever: a school's revision, or the packaged type."""
    if row.type_revision_id is None:
        return get_type(row.type_slug)
    return built(read(session.get_one(TypeRevision, row.type_revision_id).content))


def everyone(session: Session) -> list[TypeRevision]:
    """Return the current school's revisions, the latest first."""
    return list(session.scalars(select(TypeRevision).order_by(TypeRevision.number.desc())))


def get(session: Session, revision_id: uuid.UUID) -> TypeRevision:
    """Return a revision of the current school. Raises NotFound."""
    row = session.get(TypeRevision, revision_id)
    if row is None:
        raise NotFound
    return row


def in_force(session: Session, slug: str) -> TypeRevision | None:
    """Return the revision that new conventions of this base follow, if the school adopted one."""
    statement = select(TypeRevision).where(
        TypeRevision.base_slug == slug, TypeRevision.state == RevisionState.ADOPTED
    )
    return session.scalars(statement.order_by(TypeRevision.number.desc()).limit(1)).one_or_none()


def derive(session: Session, slug: str, created_by: uuid.UUID | None) -> TypeRevision:
    """Open a draft: the revision in force, or the base where there is none."""
    present = in_force(session, slug)
    return _open(session, read(present.content) if present else derived(slug), created_by)


def take_in(session: Session, file: bytes, created_by: uuid.UUID | None) -> TypeRevision:
    """Open a draft from another school's file: all of it, or DomainError with what is wrong and where."""
    if len(file) > LARGEST:
        raise DomainError("Ce fichier dépasse un mégaoctet : ce n’est pas une convention-type.", field="file")
    try:
        content = read(json.loads(file.decode("utf-8-sig")))
        built(content)
        _same_version(content)
    except json.JSONDecodeError as error:
        raise DomainError(f"Ligne {error.lineno} : ce n’est pas du JSON.", field="file") from None
    except (InvalidType, UnknownType) as error:
        raise DomainError(f"{error}.", field="file") from None
    except (RecursionError, ValueError):
        raise DomainError("Ce fichier n’est pas une convention-type.", field="file") from None
    return _open(session, content, created_by)


def _same_version(content: Content) -> None:
    known = get_type(content.base).version
    if content.version != known:
        raise InvalidType(
            f"version : le modèle « {content.base} » est ici en version {known}, non {content.version[:40]}"
        )


def _open(session: Session, content: Content, created_by: uuid.UUID | None) -> TypeRevision:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"type:{current_tenant(session)}"))))
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


def change(session: Session, revision_id: uuid.UUID, edit: Callable[[Content], Content]) -> TypeRevision:
    """Edit a draft. Raises NotFound, Conflict once adopted, DomainError when the text cannot stand."""
    row = _lock(session, revision_id)
    if row.state != RevisionState.DRAFT:
        raise Conflict("Une version adoptée ne se modifie plus : dérivez-en une nouvelle.")
    content = renumbered(edit(read(row.content)))
    try:
        built(content)
    except InvalidType as error:
        raise DomainError(f"{str(error)[:1].upper()}{str(error)[1:]}.", field="text") from None
    row.content, row.digest = dumped(content), digest(content)
    session.flush()
    return row


def edited(number: int, title: str, text: str) -> Callable[[Content], Content]:
    """Edit one article."""

    def edit(content: Content) -> Content:
        _bounded(content, number)
        return _with(content, number, [replace(content.pieces[number - 1], title=title, text=text)])

    return edit


def added(after: int, title: str, text: str) -> Callable[[Content], Content]:
    """Add an article after another."""

    def edit(content: Content) -> Content:
        pieces = (*content.pieces[:after], Piece(title, text), *content.pieces[after:])
        return replace(content, pieces=pieces)

    return edit


def removed(number: int) -> Callable[[Content], Content]:
    """Remove an article."""
    return lambda content: _with(content, number, [])


def without_annexes(slugs: tuple[str, ...]) -> Callable[[Content], Content]:
    """Leave annexes out."""
    return lambda content: replace(content, annexes_off=slugs)


def _with(content: Content, number: int, pieces: list[Piece]) -> Content:
    _bounded(content, number)
    return replace(content, pieces=(*content.pieces[: number - 1], *pieces, *content.pieces[number:]))


def _bounded(content: Content, number: int) -> None:
    if not 1 <= number <= len(content.pieces):
        raise NotFound


def adopt(session: Session, revision_id: uuid.UUID, *, on: date, number: str, now: datetime) -> TypeRevision:
    """Put a draft in force, voted by the board ``on`` that date; the one before retires. Raises Conflict."""
    row = _lock(session, revision_id)
    state = move(row.state, "adopt")
    built(read(row.content))  # a type that lacks a mandatory mention is not adopted (D124-4)
    previous = (TypeRevision.base_slug == row.base_slug, TypeRevision.state == RevisionState.ADOPTED)
    session.execute(update(TypeRevision).where(*previous).values(state=RevisionState.RETIRED, retired_at=now))
    row.state, row.adopted_at = state, now
    row.deliberation_on, row.deliberation_number = on, number.strip()[:60]
    session.flush()
    return row


def retire(session: Session, revision_id: uuid.UUID, now: datetime) -> TypeRevision:
    """Go back to the base for new conventions; those already made keep theirs. Raises NotFound, Conflict."""
    row = _lock(session, revision_id)
    row.state, row.retired_at = move(row.state, "retire"), now
    session.flush()
    return row


def _lock(session: Session, revision_id: uuid.UUID) -> TypeRevision:
    get(session, revision_id)
    statement = select(TypeRevision).where(TypeRevision.id == revision_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()
