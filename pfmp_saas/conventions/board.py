"""The board: conventions of the current tenant by what is asked of them, page by page both ways, and as rows to export."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.overview import SOON
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.text import fold
from pfmp_saas.signing.models import ASKED, Signer
from pfmp_saas.signing.states import SignerState

PAGE, MOST_EXPORTED = 50, 20_000
BY_NUMBER, BY_DAY = "numero", "debut"
_OPEN = (ConventionState.DRAFT, ConventionState.SENT)


@dataclass(frozen=True)
class Asked:
    """What a page of the board shows.

    ``pressing``: begins within three weeks and is not signed. ``since``: sent, signed, refused or typed in after that
    instant (UTC). ``order``: by number, the latest first, or by first
    day, of those that are not over. ``beside`` is the convention after which (``back``: before which) the page goes on.
    """

    state: str | None = None
    class_name: str | None = None
    referent: str | None = None
    search: str | None = None
    pressing: bool = False
    since: datetime | None = None
    order: str = BY_NUMBER
    beside: uuid.UUID | None = None
    back: bool = False


@dataclass(frozen=True)
class Page:
    """Conventions in order, and whether there are others before and after them."""

    rows: list[Convention]
    before: bool
    after: bool


def page(session: Session, asked: Asked, today: date) -> Page:
    """Return a page of the board; ``today`` is local to the establishment."""
    keys, falling = _keys(asked.order)
    down = falling != asked.back
    anchor = session.get(Convention, asked.beside) if asked.beside else None
    statement = select(Convention).where(*_conditions(asked, today))
    if anchor is not None:
        here = tuple_(*(getattr(anchor, key.key) for key in keys))
        statement = statement.where(tuple_(*keys) < here if down else tuple_(*keys) > here)
    statement = statement.order_by(*(key.desc() if down else key.asc() for key in keys)).limit(PAGE + 1)
    rows = list(session.scalars(statement))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if asked.back:
        return Page(rows[::-1], more, anchor is not None)
    return Page(rows, anchor is not None, more)


def counts(session: Session, asked: Asked, today: date) -> dict[str, int]:
    """Return how many conventions of what is asked, whatever their state, there are in each state."""
    every = _conditions(replace(asked, state=None), today)
    statement = select(Convention.state, func.count()).where(*every).group_by(Convention.state)
    return {row[0]: row[1] for row in session.execute(statement)}


def classes(session: Session) -> list[str]:
    """Return the classes that conventions name, by name."""
    statement = select(Convention.class_name).distinct().order_by(Convention.class_name)
    return [name for name in session.scalars(statement) if name]


def exported(session: Session, asked: Asked, today: date) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an export, in the board's order, MOST_EXPORTED at most: see HEADINGS."""
    keys, falling = _keys(asked.order)
    signed = _signatures().subquery()
    host, data = Convention.data["host"], Convention.data
    statement = (
        select(
            Convention.number,
            Convention.state,
            Convention.class_name,
            Convention.student_name,
            Convention.host_name,
            host["siret"].as_string(),
            Convention.starts_on,
            Convention.ends_on,
            data["referent"]["name"].as_string(),
            data["tutor"]["name"].as_string(),
            signed.c.given,
            signed.c.awaited,
            Convention.sent_at,
            Convention.signed_at,
        )
        .outerjoin(signed, signed.c.request_id == Convention.request_id)
        .where(*_conditions(asked, today))
        .order_by(*(key.desc() if falling else key.asc() for key in keys))
        .limit(MOST_EXPORTED)
    )
    for row in session.execute(statement):
        yield tuple(row)


@dataclass(frozen=True)
class Named:
    """What names a convention in a list: ``derogations`` are those that the head recorded."""

    id: uuid.UUID
    student: str
    class_name: str
    host: str
    starts_on: date | None
    ends_on: date | None
    derogations: int


def named(session: Session, identifiers: Iterable[uuid.UUID]) -> dict[uuid.UUID, Named]:
    """Return what names conventions of the current tenant, by identifier, without reading all that they hold."""
    recorded = func.coalesce(func.jsonb_array_length(Convention.data["overrides"]), 0)
    statement = select(
        Convention.id,
        Convention.student_name,
        Convention.class_name,
        Convention.host_name,
        Convention.starts_on,
        Convention.ends_on,
        recorded,
    ).where(Convention.id.in_(list(identifiers)))
    return {row[0]: Named(*row) for row in session.execute(statement)}


HEADINGS = (
    "Numéro",
    "État",
    "Classe",
    "Élève",
    "Organisme d’accueil",
    "SIRET",
    "Premier jour",
    "Dernier jour",
    "Enseignant référent",
    "Tuteur",
    "Signatures données",
    "Signatures attendues",
    "Envoyée le",
    "Signée le",
)


def _signatures() -> Select[Any]:
    """Return the statement of how many signatures each request has, and whose it still awaits."""
    given = func.count().filter(Signer.state == SignerState.SIGNED)
    waiting = func.string_agg(Signer.capacity, ", ").filter(ASKED)
    return select(Signer.request_id, given.label("given"), waiting.label("awaited")).group_by(
        Signer.request_id
    )


def _keys(order: str) -> tuple[tuple[Any, ...], bool]:
    """Return the columns of an order, and whether they fall."""
    return (
        ((Convention.starts_on, Convention.number), False)
        if order == BY_DAY
        else ((Convention.number,), True)
    )


def _conditions(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_of_state(asked.state)]
    if asked.class_name:
        found.append(Convention.class_name == asked.class_name)
    if asked.referent:
        found.append(Convention.referent == asked.referent)
    if asked.pressing:
        found += [Convention.state.in_(_OPEN), Convention.starts_on.between(today, today + SOON)]
    if asked.since:
        found.append(_changed(asked.since))
    if asked.order == BY_DAY:
        found += [Convention.starts_on.is_not(None), Convention.ends_on >= today]
    return found + [
        Convention.folded.contains(word, autoescape=True) for word in fold(asked.search or "").split()
    ]


def _of_state(state: str | None) -> ColumnElement[bool]:
    """Return the condition of a state; without one, all but what is thrown away."""
    return Convention.state == state if state else Convention.state != ConventionState.DISCARDED


def _changed(since: datetime) -> ColumnElement[bool]:
    """Return the condition of what happened to a convention or its signatures after an instant."""
    acts = exists().where(
        Signer.request_id == Convention.request_id,
        or_(Signer.signed_at > since, Signer.refused_at > since, Signer.questioned_at > since),
    )
    return or_(Convention.updated_at > since, Convention.sent_at > since, acts)
