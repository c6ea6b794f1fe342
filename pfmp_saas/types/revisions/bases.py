"""The packaged types as they were when something was bound to them, named by their SHA-256, kept for ever."""

import json
from datetime import datetime
from functools import lru_cache

from sqlalchemy import CheckConstraint, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from pfmp_saas.core.database import Base
from pfmp_saas.types import document
from pfmp_saas.types.errors import UnknownType
from pfmp_saas.types.loader import get_type, packaged_digest, packaged_text
from pfmp_saas.types.model import ConventionType

_READ: dict[str, str] = {}
"""Texts by their digest, which says all of them: read once a process."""
_MOST_READ = 64


class BaseType(Base):
    """A packaged type's document, shared by all schools; PostgreSQL holds the digest to the text, and both still."""

    __tablename__ = "base_types"
    __table_args__ = (
        CheckConstraint("digest = encode(sha256(convert_to(document, 'UTF8')), 'hex')", name="own_digest"),
    )

    digest: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str]
    version: Mapped[str]
    document: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(server_default=func.now())


def keep(session: Session, slug: str) -> str:
    """Keep the packaged type of ``slug`` as it is today and return its digest. Raises UnknownType."""
    digest = packaged_digest(slug)
    if session.get(BaseType, digest) is None:
        kind, text = get_type(slug), packaged_text(slug)
        row = {"digest": digest, "slug": slug, "version": kind.version, "document": text}
        session.execute(insert(BaseType).values(row).on_conflict_do_nothing())
    return digest


def text_of(session: Session, digest: str) -> str:
    """Return the canonical text of a kept type. Raises UnknownType when none has this digest."""
    if digest not in _READ:
        found = session.scalar(select(BaseType.document).where(BaseType.digest == digest))
        if found is None:
            raise UnknownType(digest)
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        _READ[digest] = found
    return _READ[digest]


def base_of(session: Session, digest: str) -> ConventionType:
    """Return the type of a digest, today's or a former one. Raises UnknownType when none has it."""
    return read(text_of(session, digest))


def document_of(session: Session, digest: str) -> document.Json:
    """Return the document of a digest. Raises UnknownType when none has it."""
    found: document.Json = json.loads(text_of(session, digest))
    return found


@lru_cache(maxsize=32)
def read(text: str) -> ConventionType:
    """Read the canonical text of a type."""
    return document.kind_of(json.loads(text))
