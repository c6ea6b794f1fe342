"""Reading signature requests."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from pfmp_saas.core import dates
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.database import existing
from pfmp_saas.core.storage import load
from pfmp_saas.core.text import fold
from pfmp_saas.signing import errors
from pfmp_saas.signing.models import ASKED, SignatureRequest, Signer
from pfmp_saas.signing.states import RequestState, SignerState


def request_of(session: Session, subject_kind: str, subject_id: uuid.UUID) -> SignatureRequest | None:
    """Return the latest request about a subject of the current tenant."""
    statement = (
        select(SignatureRequest)
        .where(SignatureRequest.subject_kind == subject_kind, SignatureRequest.subject_id == subject_id)
        .order_by(SignatureRequest.opened_at.desc(), SignatureRequest.replaces.is_(None))
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def document(session: Session, request: SignatureRequest) -> bytes:
    """Return the PDF with the signatures given so far. Raises Gone at the end of its retention."""
    if request.erased_at:
        raise errors.Erased(day=dates.written(request.erased_at))
    return load(session, request.file_id).content


def awaiting(session: Session, email: str) -> list[Signer]:
    """Return what an address still has to sign in the current tenant, oldest first."""
    statement = (
        select(Signer)
        .join(SignatureRequest, SignatureRequest.id == Signer.request_id)
        .where(
            Signer.email == travelling(email),
            ASKED,
            SignatureRequest.state == RequestState.OPEN,
        )
        .options(contains_eager(Signer.request))
        .order_by(SignatureRequest.opened_at)
    )
    return list(session.scalars(statement))


def counting_awaited(email: str) -> Select[int, Any]:
    """Return the statement of how many documents an address still has to sign, and when the first was sent."""
    return (
        select(func.count(), func.min(SignatureRequest.opened_at))
        .select_from(Signer)
        .join(SignatureRequest, SignatureRequest.id == Signer.request_id)
        .where(
            Signer.email == travelling(email),
            ASKED,
            SignatureRequest.state == RequestState.OPEN,
        )
    )


def awaited_capacities(session: Session) -> list[tuple[str, int]]:
    """Return the capacities whose signature open requests of the current tenant await, and how many, the most first."""
    statement = (
        select(Signer.capacity, func.count())
        .join(SignatureRequest, SignatureRequest.id == Signer.request_id)
        .where(ASKED, SignatureRequest.state == RequestState.OPEN)
        .group_by(Signer.capacity)
        .order_by(func.count().desc(), Signer.capacity)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def by_id(session: Session, identifiers: Iterable[uuid.UUID]) -> list[SignatureRequest]:
    """Return requests of the current tenant by their identifiers."""
    wanted = list(identifiers)
    return (
        list(session.scalars(select(SignatureRequest).where(SignatureRequest.id.in_(wanted))))
        if wanted
        else []
    )


def signers_of(session: Session, requests: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Signer]]:
    """Return the signers of several requests, by request and in their order, in one query."""
    statement = select(Signer).where(Signer.request_id.in_(list(requests))).order_by(Signer.position)
    found: dict[uuid.UUID, list[Signer]] = {}
    for signer in session.scalars(statement):
        found.setdefault(signer.request_id, []).append(signer)
    return found


def frozen_document(session: Session, request: SignatureRequest) -> bytes:
    """Return the PDF as it was frozen, before any signature: what is printed to be signed on paper."""
    return document(session, request)[: request.frozen_length]


def get(session: Session, request_id: uuid.UUID) -> SignatureRequest:
    """Return a request of the current tenant. Raises NotFound."""
    return existing(session, SignatureRequest, request_id)


def signer(session: Session, signer_id: uuid.UUID) -> Signer:
    """Return a signer of the current tenant. Raises NotFound."""
    return existing(session, Signer, signer_id)


def same_person(signer: Signer) -> list[Signer]:
    """Return the other signatures that the same person, by name and address, is still asked for on the same document."""
    return [
        each
        for each in signer.request.signers
        if each.id != signer.id
        and each.state == SignerState.INVITED
        and not each.is_carrying
        and each.email == signer.email != ""
        and fold(each.name) == fold(signer.name)
        and each.questioned_at is None
    ]


def first_of_each(signers: Iterable[Signer]) -> list[Signer]:
    """Return the signers, whoever is asked in several capacities once, in the first."""
    found: dict[tuple[str, str], Signer] = {}
    for signer in signers:
        found.setdefault((signer.email, fold(signer.name)), signer)
    return list(found.values())


def unsigned(session: Session, request: SignatureRequest) -> list[Signer]:
    """Return the signers whose answer is awaited; those whose turn has not come and those whose signature is carried over left out."""
    statement = select(Signer).where(Signer.request_id == request.id, ASKED)
    return list(session.scalars(statement.order_by(Signer.position)))


def reachable(session: Session, request: SignatureRequest) -> list[Signer]:
    """Return the signers who have not answered, whom a mail can reach, and who have not said to be the wrong person."""
    return [signer for signer in unsigned(session, request) if signer.email and signer.questioned_at is None]
