"""The database session, and the tenant that PostgreSQL enforces in it.

Row-level security reads the setting ``pfmp.tenant``, set for one transaction only. Without it a query
on a tenant-owned table returns nothing, whatever the ORM asks.
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column, sessionmaker

from pfmp_saas.core.errors import NotFound

Row = TypeVar("Row")

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base class of every mapped table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        uuid.UUID: Uuid(),
        str: Text(),
        bytes: LargeBinary(),
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        list[dict[str, str]]: JSON().with_variant(JSONB(), "postgresql"),
    }


class Identified:
    """A row with a random identifier."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)


class TenantOwned(Identified):
    """A row that belongs to one establishment and that row-level security hides from the others."""

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("establishments.id"), index=True)


# Models are plain SQLAlchemy; the extension gives the engine and one session per application context.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def sessions(url: str) -> sessionmaker[Session]:
    """Return the maker of sessions on a database, outside the web: jobs, commands, the checkpoint process.

    Rows stay readable after their commit; a connection that the server dropped is replaced before it is used.
    """
    return sessionmaker(create_engine(url, pool_pre_ping=True, hide_parameters=True), expire_on_commit=False)


def enter_tenant(session: Session, tenant_id: uuid.UUID | None) -> None:
    """Let this session see one tenant's rows, now and in its later transactions; None sees none."""
    session.flush()  # what was written so far belongs to the tenant that was current then
    session.info["tenant"] = tenant_id
    if session.in_transaction():
        _apply(session.connection(), tenant_id)


def entered(session: Session, tenant_id: uuid.UUID) -> None:
    """Record the tenant that a statement of this transaction has just set in PostgreSQL."""
    session.info["tenant"] = tenant_id


def existing(session: Session, model: type[Row], row_id: uuid.UUID) -> Row:
    """Return a row by its identifier. Raises NotFound, also for a row of another tenant."""
    row = session.get(model, row_id)
    if row is None:
        raise NotFound
    return row


def current_tenant(session: Session) -> uuid.UUID:
    """Return the tenant this session works for. Raises LookupError when there is none."""
    tenant = session.info.get("tenant")
    if tenant is None:
        raise LookupError("no tenant in scope")
    return uuid.UUID(str(tenant))


@event.listens_for(Session, "after_begin")
def _scope_transaction(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    tenant = session.info.get("tenant")
    if tenant is not None and not transaction.nested:  # a savepoint is in its transaction's tenant already
        _apply(connection, tenant)


def _apply(connection: Connection, tenant_id: uuid.UUID | None) -> None:
    value = str(tenant_id) if tenant_id else ""
    connection.execute(text("select set_config('pfmp.tenant', :tenant, true)"), {"tenant": value})
