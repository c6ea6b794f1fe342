"""Derogations that the law lets the head of school record: a reason, in the draft and in the evidence."""

import hashlib
import json
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from pfmp_saas.conventions import errors, use_cases
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.moves import locked
from pfmp_saas.evidence.events import text_hash
from pfmp_saas.evidence.use_cases import Actor, record
from pfmp_saas.law.checks import overridable
from pfmp_saas.types.revisions.use_cases import type_of

LONGEST = 600


def allowed(session: Session, convention: Convention) -> frozenset[str]:
    """Return the codes of the rules from which the law lets the head derogate, for this convention's model."""
    return overridable(type_of(session, convention).profile)


def record_override(
    session: Session, convention_id: uuid.UUID, *, code: str, reason: str, head: Actor, now: datetime
) -> Convention:
    """Record a derogation by the head of school. Raises DomainError where the law allows none, NotFound, Conflict.

    The evidence keeps the reason's hash; its words stay in the draft, and are frozen with it.
    """
    row = locked(session, Convention, convention_id)  # two motives at once are both kept
    if code not in allowed(session, row):
        raise errors.NoOverride
    clean = reason.replace("\x00", "").strip()
    if not 10 <= len(clean) <= LONGEST:
        raise errors.NoMotive(longest=LONGEST)
    others = [override for override in row.data.get("overrides") or [] if override["code"] != code]
    added = {"code": code, "reason": clean, "by": head.name}
    use_cases.save(session, row.id, {"overrides": [*others, added]})
    record(
        session,
        subject=f"convention:{row.id}",
        kind="override",
        actor=head,
        document_hash=_hash(row),
        consent_text=None,
        now=now,
        payload={"code": code, "reason": text_hash(clean)},
    )
    return row


def _hash(row: Convention) -> str:
    """Return the SHA-256 of the draft as it stands: there is no document yet."""
    text = json.dumps(row.data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
