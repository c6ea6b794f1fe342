"""A signed convention and its amendments, for the tests of amendments."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries, use_cases
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.settings import Settings
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing import texts
from pfmp_saas.signing.use_cases import sign
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
"""Before the placement of the demonstration's draft, 11 January to 5 February 2027."""
LATER = [{"start": "2027-01-11", "end": "2027-01-15"}, {"start": "2027-01-25", "end": "2027-02-12"}]
"""Suspended for a week, and a week later at the end."""
TUTOR = {"name": "Nora Haddad", "function": "Mécanicienne", "email": "n.haddad@garage-ducs.example"}


def sign_all(db: Session, settings: Settings, request_id: uuid.UUID | None, now: datetime = NOW) -> None:
    """Have every signer sign, and let the service react as it does."""
    assert request_id
    request = signing.get(db, request_id)
    for hours, signer in enumerate(list(request.signers), start=1):
        sign(
            db,
            signer.id,
            shown_hash=request.frozen_hash,
            consent=True,
            consent_text=texts.CONSENT,
            authentication=texts.BY_LINK,
            kek=settings.key_encryption_key,
            now=now + timedelta(minutes=hours),
        )
        react(db, Around(settings.base_url, now + timedelta(minutes=hours)))


def present() -> datetime:
    """Return the present of whoever amends: the clock of the tests about a signed convention."""
    return NOW


def signed_convention(db: Session, settings: Settings, now: datetime = NOW) -> Convention:
    """Send the demonstration's draft and have its five sign it, a week before ``now``."""
    row = db.scalars(select(Convention).where(Convention.state == "draft")).one()
    conventions.send(
        db, row.id, kek=settings.key_encryption_key, base_url=settings.base_url, now=now - timedelta(days=9)
    )
    react(db, Around(settings.base_url, now - timedelta(days=9)))
    sign_all(db, settings, row.request_id, now - timedelta(days=8))
    db.refresh(row)
    assert row.state == "signed"
    return row


def wish(**parts: Any) -> use_cases.Wish:
    """A wish that gives the placement its later dates, unless told otherwise."""
    return use_cases.Wish("suspension", "Les parties en sont d’accord.", None, parts or {"periods": LATER})


def sent(
    db: Session, settings: Settings, convention: Convention, now: datetime = NOW, **parts: Any
) -> Amendment:
    """Draft an amendment and send it."""
    row = use_cases.open_draft(db, convention.id, wish(**parts), created_by=None)
    use_cases.send(db, row.id, kek=settings.key_encryption_key, base_url=settings.base_url, now=now)
    react(db, Around(settings.base_url, now))
    return row


def signed(
    db: Session, settings: Settings, convention: Convention, now: datetime = NOW, **parts: Any
) -> Amendment:
    """Draft an amendment, send it and have all sign it."""
    row = sent(db, settings, convention, now, **parts)
    sign_all(db, settings, row.request_id, now)
    db.refresh(row)
    db.refresh(convention)
    assert queries.get(db, row.id).state == "signed"
    return row
