"""States that change: a row is locked and read afresh, its domain's table is asked, the row moves. One way for all.

A model that has states names its table: ``__moves__ = MOVES``. From then on its ``state`` changes through :func:`move`
(or :func:`locked` then :func:`advance`) and in no other way: an assignment to a stored row raises :class:`NotLocked`,
so that a transition that forgot its lock fails at its first test rather than on the day when two people act at once.

Locks are taken in one order, so that nobody waits in a circle: a batch's item, the signature request, its signer, the
school's log, the document's file, the convention, then its amendment, attestation or followup. Who sends a document
locks the convention, its amendment or attestation, the caps, and writes in the log last; so does who notes an accident
or a follow-up, changes settings or adopts a revision, and nobody who holds the log asks for one of these rows; that meets no signature of the
same convention, since only a draft is sent and an attestation waits for the amendment in signature
(`workflows.exclusions`). Revisions of a type are numbered and adopted one at a time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, bindparam, event, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Mapper, Session, SessionTransaction, contains_eager

from pfmp_saas.core.database import Base, TenantOwned, current_tenant
from pfmp_saas.core.errors import Conflict, NotFound

_LOCKED, _MOVING = "locked rows", "moving"
_AFRESH = {"populate_existing": True, "autoflush": False}
_ID: BindParameter[UUID] = bindparam("id")
_STATEMENTS: dict[tuple[str, str | None], Select[Any]] = {}


class NotLocked(RuntimeError):
    """A row was to be moved that this transaction had not locked: a programming error."""


@dataclass(frozen=True)
class Moves:
    """The only moves between the states of one kind of row: ``table`` gives the next state by (state, action).

    ``refusal`` gives, from the state that was found, the French sentence that refuses any other move.
    """

    table: Mapping[tuple[str, str], str]
    refusal: Callable[[str], str]

    def after(self, state: str, action: str) -> str:
        """Return the state after ``action``. Raises Conflict when there is no such move."""
        try:
            return self.table[state, action]
        except KeyError:
            raise Conflict(self.refusal(state)) from None


class Moving(TenantOwned):
    """A row with a state and the table of its moves."""

    __moves__: ClassVar[Moves]
    state: Mapped[str]


Row = TypeVar("Row", bound=TenantOwned)
Stateful = TypeVar("Stateful", bound=Moving)


def locked(
    session: Session, model: type[Row], row_id: UUID, *, under: "InstrumentedAttribute[Any] | None" = None
) -> Row:
    """Lock a row of the current tenant until the transaction ends, and read it afresh. Raises NotFound.

    ``under`` names a relationship to a parent that is locked first, in the same statement: whoever locks children of
    one parent then waits for the parent, never for one another.
    """
    current_tenant(session)
    _write_pending(session, (model,) if under is None else (model, under.property.mapper.class_))
    row: Row | None = session.scalars(_cached_statement(model, under), {"id": row_id}).one_or_none()
    if row is None:
        raise NotFound
    _mark(session, row)
    if under is not None:
        _mark(session, getattr(row, under.key))
    return row


def _write_pending(session: Session, models: tuple[type[Any], ...]) -> None:
    """Write what the session holds if it concerns the rows to be locked; all else waits, to be written together."""
    if any(isinstance(row, models) for row in chain(session.new, session.dirty, session.deleted)):
        session.flush()


def _cached_statement(model: type[Row], under: "InstrumentedAttribute[Any] | None") -> Select[Any]:
    """Return the statement that locks a row, made once a process: making it costs more than running it."""
    key = model.__name__, under.key if under is not None else None
    if key not in _STATEMENTS:
        _STATEMENTS[key] = _statement(model, under)
    return _STATEMENTS[key]


def _statement(model: type[Row], under: "InstrumentedAttribute[Any] | None") -> Select[Any]:
    statement = select(model).where(model.id == _ID)
    if under is None:
        return statement.with_for_update().execution_options(**_AFRESH)
    parent: Any = under.property.mapper.class_
    joined = and_(*(mine == theirs for mine, theirs in under.property.local_remote_pairs))
    statement = statement.select_from(parent).join(model, joined).options(contains_eager(under))
    return statement.with_for_update(of=(parent, model)).execution_options(**_AFRESH)


def move(session: Session, model: type[Stateful], row_id: UUID, action: str) -> Stateful:
    """Lock a row, read it afresh and move it. Raises NotFound, Conflict."""
    row = locked(session, model, row_id)
    advance(row, action)
    return row


def may(row: Moving, action: str) -> None:
    """Raise Conflict when a row's state does not allow ``action``."""
    row.__moves__.after(row.state, action)


def advance(row: Moving, action: str) -> None:
    """Move a row that this transaction has locked. Raises Conflict, NotLocked."""
    session = inspect(row).session
    if session is None or row not in _marks(session):
        raise NotLocked(f"{type(row).__name__} {row.id}: {action}")
    after = row.__moves__.after(row.state, action)
    session.info[_MOVING] = row
    try:
        row.state = after
    finally:
        del session.info[_MOVING]


def _marks(session: Session) -> dict[TenantOwned, int]:
    """Return the rows that this transaction has locked, each with how many savepoints were open then."""
    marks: dict[TenantOwned, int] = session.info.setdefault(_LOCKED, {})
    return marks


def _mark(session: Session, row: TenantOwned) -> None:
    here = session.get_nested_transaction() or session.get_transaction()
    _marks(session).setdefault(row, _depth(here) if here else 0)


def _depth(transaction: SessionTransaction) -> int:
    return 0 if transaction.parent is None else 1 + _depth(transaction.parent)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    """Forget the locks that a transaction took; a savepoint's too, which PostgreSQL releases if it was rolled back."""
    depth, marks = _depth(ended), _marks(session)
    session.info[_LOCKED] = {row: taken for row, taken in marks.items() if taken < depth}


@event.listens_for(Base, "mapper_configured", propagate=True)
def _guard(mapper: Mapper[Any], model: type[Any]) -> None:
    if hasattr(model, "__moves__"):
        event.listen(mapper.attrs["state"].class_attribute, "set", _refuse_unlocked)


def _refuse_unlocked(row: Moving, _value: str, _old: object, _initiator: object) -> None:
    """Refuse to change the state of a stored row outside :func:`advance`; a new row takes its first state freely."""
    state = inspect(row)
    if state.persistent and state.session is not None and state.session.info.get(_MOVING) is not row:
        raise NotLocked(f"{type(row).__name__} {row.id}: its state moves through core.moves")
