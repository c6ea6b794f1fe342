"""Every transition of every domain, raced: found by walking the models, so that a new domain joins by itself."""

import uuid
from datetime import UTC, date, datetime
from functools import partial

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Uuid,
    insert,
    select,
    text,
)

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import moves
from pfmp_saas.core.database import Base
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.moves import NotLocked, advance, locked, move
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.unit_of_work import UnitOfWork, attempt
from tests.support.racing import race

metadata()
MODELS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if hasattr(mapper.class_, "__moves__")),
    key=lambda model: model.__name__,
)
TRANSITIONS = [
    pytest.param(model, state, action, id=f"{model.__name__}-{state}-{action}")
    for model in MODELS
    for state, action in model.__moves__.table
]
VALUES = {
    Boolean: False,
    Date: date(2027, 1, 11),
    DateTime: datetime(2027, 1, 11, tzinfo=UTC),
    Integer: 1,
    JSON: {},
    LargeBinary: b"",
}


def _filler(column):
    """A value that the column takes; foreign keys are not checked for these rows."""
    kind = next((kind for kind in VALUES if isinstance(column.type, kind)), None)
    if isinstance(column.type, Uuid):
        return uuid.uuid4()
    return VALUES[kind] if kind else "x"


def _put(owner, model, state):
    """Insert a row of ``model`` in ``state``, with the least that it needs; return its tenant and its identifier."""
    table, tenant = model.__table__, uuid.uuid4()
    values = {
        column.name: _filler(column)
        for column in table.columns
        if not column.nullable and column.server_default is None and column.default is None
    }
    values |= {"id": uuid.uuid4(), "tenant_id": tenant, "state": state}
    with owner.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(insert(table).values(values))
    return tenant, values["id"]


def raced(world, model, state, action):
    """Move one row twice at once; return both outcomes."""
    owner, sessions = world
    tenant, row_id = _put(owner, model, state)
    act = partial(move, model=model, row_id=row_id, action=action)
    return race(owner, sessions, tenant, act, act)


def _second_outcome(model, state, action):
    """Where an action leads back to a state that allows it, the second is served too, after the first."""
    after = model.__moves__.table[state, action]
    return "done" if (after, action) in model.__moves__.table else "Conflict"


def test_every_domain_with_states_is_walked():
    with_state = {mapper.class_.__name__ for mapper in Base.registry.mappers if "state" in mapper.columns}
    apart = {"DueItem", "OutgoingMail", "OutboxEvent"}  # claimed by the worker, never moved by people
    assert with_state - apart == {model.__name__ for model in MODELS}


@pytest.mark.parametrize(("model", "state", "action"), TRANSITIONS)
def test_of_two_at_once_one_wins_and_the_other_gets_a_conflict(world, model, state, action):
    assert raced(world, model, state, action) == ("done", _second_outcome(model, state, action))


def test_without_the_lock_both_would_win(world, monkeypatch):
    """The control: what the races above would find if `locked` only read."""

    def read_only(session, model, row_id, **_):
        row = session.scalars(select(model).where(model.id == row_id)).one()
        moves._mark(session, row)
        return row

    monkeypatch.setattr(moves, "locked", read_only)
    for model in MODELS:
        state, action = next(iter(model.__moves__.table))
        assert raced(world, model, state, action) == ("done", "done"), model.__name__


def _one(world):
    owner, sessions = world
    model = next(model for model in MODELS if model.__name__ == "Accident")
    (state, action), _ = next(iter(model.__moves__.table.items()))
    tenant, row_id = _put(owner, model, state)
    return model, action, tenant, row_id, sessions


def test_a_row_that_nobody_locked_does_not_move(world):
    model, action, tenant, row_id, sessions = _one(world)
    with UnitOfWork(sessions, tenant) as session:
        row = session.get_one(model, row_id)
        with pytest.raises(NotLocked):
            advance(row, action)
        with pytest.raises(NotLocked):
            row.state = "declared"


def test_a_lock_ends_with_its_savepoint_or_its_transaction(world):
    model, action, tenant, row_id, sessions = _one(world)
    with UnitOfWork(sessions, tenant) as session:
        with pytest.raises(ValueError, match="undone"), attempt(session):
            row = locked(session, model, row_id)
            raise ValueError("undone")
        with pytest.raises(NotLocked):
            advance(row, action)
        row = locked(session, model, row_id)
        with attempt(session):
            session.flush()
        advance(row, action)  # a savepoint that came later takes nothing away
        session.commit()
        with pytest.raises(NotLocked):
            row.state = "recorded"


def test_another_school_s_row_is_not_found(world):
    model, action, _tenant, row_id, sessions = _one(world)
    with pytest.raises(NotFound), UnitOfWork(sessions, uuid.uuid4()) as session:
        move(session, model, row_id, action)


def test_without_a_tenant_nothing_is_locked(world):
    model, _action, _tenant, row_id, sessions = _one(world)
    with pytest.raises(LookupError), UnitOfWork(sessions) as session:
        locked(session, model, row_id)


def test_what_the_session_has_changed_of_a_row_is_not_lost_when_the_row_is_locked(world):
    owner, sessions = world
    tenant, row_id = _put(owner, Convention, "draft")
    with UnitOfWork(sessions, tenant) as session:
        session.get_one(Convention, row_id).class_name = "2GATL"
        assert locked(session, Convention, row_id).class_name == "2GATL"
