"""The attestation: expected when the convention is signed, prefilled, signed by the host on the last day."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.attestations import errors, queries
from pfmp_saas.attestations.checks import check_figures
from pfmp_saas.attestations.models import Attestation
from pfmp_saas.attestations.states import AttestationState
from pfmp_saas.conventions.addresses import reached
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import dates
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.events import AttestationSigned, emit
from pfmp_saas.core.moves import advance, locked, move
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.versions import render_attestation
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.opening import SignerSpec, open_request
from pfmp_saas.types.compose import compose_attestation
from pfmp_saas.types.document import digest_of
from pfmp_saas.types.revisions.use_cases import type_of

SHOWN = ("convention_id", "due_on")
"""The columns of an attestation that the evidence of its sending commits to, beside its figures."""


def expect(session: Session, convention: Convention) -> Attestation:
    """Create the attestation of a signed convention, due on the last day (D124-9), unless there is one already."""
    statement = select(Attestation).where(Attestation.convention_id == convention.id)
    row = session.scalars(statement).one_or_none()
    if row is None:
        row = Attestation(
            id=uuid.uuid4(),
            tenant_id=current_tenant(session),
            convention_id=convention.id,
            state=AttestationState.EXPECTED,
            due_on=convention.ends_on or date.max,
        )
        session.add(row)
        session.flush()
    return row


def prepare(
    session: Session,
    attestation_id: uuid.UUID,
    *,
    effective_days: Decimal,
    gratification: Decimal,
    place: str,
    today: date,
    kek: bytes,
    base_url: str,
    now: datetime,
    reason: str = "",
    timestamped: bool = False,
) -> SignatureRequest:
    """Freeze the attestation with its figures (days, euros) and ask the host to sign it. Raises DomainError.

    ``reason`` says why the figures differ from what the convention plans.
    """
    row = _locked_with_convention(session, attestation_id)
    convention = _attestable(session, row, (Decimal(effective_days), Decimal(gratification)), reason, today)
    advance(row, "send")
    row.effective_days, row.gratification = effective_days, gratification
    row.place, row.reason = place, reason
    request = open_request(
        session,
        subject_kind="attestation",
        subject_id=row.id,
        title=f"Attestation de PFMP – {convention.student_name}",
        rendered=_rendered(session, convention, row, today),
        signers=reached(convention, [_host_of(convention)], today),
        frozen={"figures": figures_digest(row)},
        columns={name: getattr(row, name) for name in SHOWN},
        kek=kek,
        base_url=base_url,
        now=now,
        timestamped=timestamped,
    )
    row.request_id = request.id
    return request


def _attestable(
    session: Session, row: Attestation, figures: tuple[Decimal, Decimal], reason: str, today: date
) -> Convention:
    """Return the convention of an attestation whose day has come and whose figures its dates hold."""
    if today < row.due_on:
        raise errors.TooEarly(day=dates.written(row.due_on))
    convention = session.get_one(Convention, row.convention_id)
    check_figures(queries.held(session, convention), *figures, reason)
    return convention


def _rendered(session: Session, convention: Convention, row: Attestation, today: date) -> Rendered:
    content = _content(convention, row, today)
    return render_attestation(compose_attestation(type_of(session, convention), content))


def _host_of(convention: Convention) -> SignerSpec:
    person = convention.data["host"]["representative"]
    label = "Représentant de l’organisme d’accueil"
    return SignerSpec("host_representative", label, person["name"], person["email"])


def _locked_with_convention(session: Session, attestation_id: uuid.UUID) -> Attestation:
    """Lock an attestation after its convention: no amendment leaves for signature while figures are frozen."""
    locked(session, Convention, queries.get(session, attestation_id).convention_id)
    return locked(session, Attestation, attestation_id)


def figures_digest(row: Attestation) -> str:
    """Return the digest of an attestation's days, euros, place and reason, where there is one; its first event in the evidence holds it."""
    days, euros = row.effective_days or Decimal(0), row.gratification or Decimal(0)
    figures = {"days": f"{days:.1f}", "gratification": f"{euros:.2f}", "place": row.place}
    return digest_of({**figures, "reason": row.reason} if row.reason else figures)


def _content(convention: Convention, row: Attestation, today: date) -> dict[str, Any]:
    facts = {
        "start": convention.starts_on.isoformat() if convention.starts_on else None,
        "end": convention.ends_on.isoformat() if convention.ends_on else None,
        "days": float(row.effective_days or 0),
        "gratification": float(row.gratification or 0),
        "place": row.place,
        "date": today.isoformat(),
    }
    return {**convention.data, "attestation": facts}


def move_to(session: Session, convention: Convention) -> Attestation | None:
    """Move an expected attestation to the amended last day and return it; None when it was prepared already."""
    attestation = queries.of_convention(session, convention.id)
    if attestation is None:
        return None
    row = locked(session, Attestation, attestation.id)
    if row.state != AttestationState.EXPECTED or convention.ends_on in (None, row.due_on):
        return None
    row.due_on = convention.ends_on or row.due_on
    session.flush()
    return row


def refuse(session: Session, attestation_id: uuid.UUID) -> Attestation:
    """Move an attestation back to expected: the host refused its figures. Raises NotFound, Conflict."""
    return move(session, Attestation, attestation_id, "refuse")


def complete(session: Session, attestation_id: uuid.UUID, now: datetime) -> Attestation:
    """Move an attestation to signed. Raises NotFound, Conflict."""
    row = move(session, Attestation, attestation_id, "complete")
    row.signed_at = now
    emit(session, AttestationSigned(subject_id=row.id, at=now))
    return row
