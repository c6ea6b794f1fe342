"""Comparison of a sent convention's columns, readers and places in the caps with what its signed data give."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts.models import Account
from pfmp_saas.conventions import caps
from pfmp_saas.conventions.amended import REPLACED
from pfmp_saas.conventions.freeze import five_of, is_minor
from pfmp_saas.conventions.models import Convention, ConventionParty, Placement
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.conventions.use_cases import as_typed, concerned, index, shown
from pfmp_saas.core.addresses import travelling
from pfmp_saas.law.facts import parse
from pfmp_saas.signing.frozen import french, frozen_differences, frozen_payload
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.states import RequestState
from pfmp_saas.types.revisions.models import TypeRevision

Version = tuple[dict[str, Any], date]
"""A convention's data, and the local day on which they came into force: its sending, then each signed amendment."""
_INDEXED = ("student_name", "host_name", "class_name", "starts_on", "ends_on")
_IN_FORCE = {ConventionState.SENT, ConventionState.SIGNED}


def date_differences(row: Convention, request: SignatureRequest) -> Iterator[str]:
    """Yield which of a sent convention's own instants are not those of its document, erased or not."""
    if row.sent_at != request.opened_at:
        yield "la colonne sent_at n’est pas l’instant de l’envoi"
    signed = request.closed_at if request.state == RequestState.COMPLETE else None
    if row.signed_at != signed:
        yield "la colonne signed_at n’est pas l’instant de la dernière signature"


def differences(
    session: Session, row: Convention, request: SignatureRequest, versions: Sequence[Version]
) -> Iterator[str]:
    """Yield in what a convention's rows differ from its data, which are those signed, in French: columns are named.

    ``versions`` are the data that came into force one after the other, the last of them the row's own.
    """
    yield from (french(name) for name in frozen_differences(session, request, shown(row)))
    if row.type_slug != row.data.get("type"):
        yield "la colonne type_slug n’est pas celle de ses données"
    if _type_digest(session, row) != frozen_payload(session, request).get("type"):
        yield "la colonne type_revision_id ou base_digest ne désigne pas la convention-type signée"
        return
    derived = as_typed(row, {})
    index(derived)
    for name in _INDEXED:
        if getattr(row, name) != getattr(derived, name):
            yield f"la colonne {name} n’est pas celle de ses données"
    yield from _of_parties(session, row, versions, _corrected(request, versions[0]))
    yield from _of_placements(session, row)


def _type_digest(session: Session, row: Convention) -> str | None:
    if row.type_revision_id is None:
        return row.base_digest
    revision = session.get(TypeRevision, row.type_revision_id)
    return revision.digest if revision and row.base_digest is None else None


def _corrected(request: SignatureRequest, first: Version) -> dict[tuple[str, str], str]:
    """Return the addresses that the school corrected while a convention was signed, by name and former address."""
    own = {spec.field: travelling(spec.email) for spec in five_of(*first)}
    moved = [each for each in request.signers if each.readdressed_at]
    return {(each.name, own.get(each.field, "")): each.email for each in moved}


def _of_parties(
    session: Session, row: Convention, versions: Sequence[Version], corrected: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    """Yield which readers are listed without the data naming them, or under another name, or are missing."""
    read = _readers(row, versions)
    expected = {(role, corrected.get((name, email), email)): name for (role, email), name in read.items()}
    statement = select(ConventionParty, Account.email).outerjoin(
        Account, Account.id == ConventionParty.account_id
    )
    for party, address in session.execute(statement.where(ConventionParty.convention_id == row.id)):
        name = expected.pop((party.role, party.email), None)
        if name is None:
            yield f"une partie ({party.role}) est inscrite dans convention_parties sans que les données la nomment"
        elif name != party.name:
            yield f"la colonne name de la partie « {party.role} » n’est pas celle de ses données"
        elif address != party.email:
            yield f"la colonne account_id de la partie « {party.role} » ouvre la convention à un autre compte"
    for role, _ in expected:
        yield f"la partie « {role} » a disparu de convention_parties"


def _readers(row: Convention, versions: Sequence[Version]) -> dict[tuple[str, str], str]:
    """Return the names of those to whom a convention is open, by role and address, as its versions opened it."""
    readers: dict[tuple[str, str], str] = {}
    for data, day in versions:
        five = five_of(data, day)
        present = {(spec.field, travelling(spec.email)) for spec in five}
        readers = {key: name for key, name in readers.items() if key[0] not in REPLACED or key in present}
        typed = as_typed(row, data)
        index(typed)
        for role, (name, email) in concerned(typed, five, minor=is_minor(data["student"], day)).items():
            if email:
                readers.setdefault((str(role), travelling(email)), name)
    return readers


def _of_placements(session: Session, row: Convention) -> Iterator[str]:
    active = row.state in _IN_FORCE
    expected = {
        values["starts_on"]: values | {"active": active}
        for values in caps.placements(session, row, parse(row.data))
    }
    for placement in session.scalars(select(Placement).where(Placement.convention_id == row.id)):
        values = expected.pop(placement.starts_on, None)
        if values is None:
            yield f"la colonne starts_on d’une période comptée (placements), {placement.starts_on}, n’est pas de ses données"
            continue
        for name, value in values.items():
            if getattr(placement, name) != value:
                yield f"la colonne {name} de la période comptée (placements) n’est pas celle de ses données"
    for day in expected:
        yield f"la période comptée (placements) du {day:%d/%m/%Y} a disparu"
