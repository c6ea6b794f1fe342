"""Files, kept in the database: a signature and its document are stored in one transaction or not at all."""

import hashlib
import uuid
from datetime import datetime

from sqlalchemy import bindparam, func, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from pfmp_saas.core.database import Base, TenantOwned, current_tenant, existing


class StoredFile(TenantOwned, Base):
    """Bytes with their SHA-256 (hexadecimal) and media type."""

    __tablename__ = "stored_files"

    media_type: Mapped[str]
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


_FILES = Base.metadata.tables[StoredFile.__tablename__]
_REPLACE = (
    update(_FILES)
    .where(_FILES.c.id == bindparam("file"))
    .values(content=bindparam("bytes"), sha256=bindparam("digest"))
)


def store(session: Session, *, name: str, content: bytes, media_type: str = "application/pdf") -> StoredFile:
    """Store a file for the current tenant and return its row."""
    row = StoredFile(
        tenant_id=current_tenant(session),
        name=name,
        media_type=media_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    session.add(row)
    session.flush()
    return row


def replace(session: Session, file_id: uuid.UUID, content: bytes) -> None:
    """Replace the bytes of a stored file: an incremental update contains all earlier revisions."""
    values = {"file": file_id, "bytes": content, "digest": hashlib.sha256(content).hexdigest()}
    session.execute(_REPLACE, values)
    loaded = session.identity_map.get(session.identity_key(StoredFile, file_id))
    if loaded is not None:
        session.expire(loaded, ["content", "sha256"])


def load(session: Session, file_id: uuid.UUID) -> StoredFile:
    """Return a stored file of the current tenant. Raises NotFound."""
    return existing(session, StoredFile, file_id)
