"""Where a convention's people are reached: an address that the school corrected while its signature was asked."""

from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.accounts.use_cases import ensure_account, ensure_membership
from pfmp_saas.conventions.freeze import five_of
from pfmp_saas.conventions.models import Convention, ConventionParty
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.roles import Role
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.opening import SignerSpec


def roles_of(field: str) -> frozenset[str]:
    """Return the roles in which the signer of ``field`` reads a convention: a parent signs for a minor."""
    return frozenset({field, Role.GUARDIAN} if field == "student" else {field})


def move_party(session: Session, row: Convention, signer: Signer, *, joins: bool) -> None:
    """Open a convention to a signer's corrected address, and close it to the former one.

    ``joins``: the signer is a party of it even where none has the name; who signs an amendment becomes one with it.
    """
    roles = roles_of(signer.field)
    mine = [party for party in row.parties if party.role in roles and party.name == signer.name]
    account = ensure_account(session, signer.email)
    for party in mine:
        if any(each.role == party.role and each.email == account.email for each in row.parties):
            row.parties.remove(party)
            session.delete(party)
            continue
        ensure_membership(session, account, Role(party.role), signer.name)
        party.email, party.account_id = account.email, account.id
    if joins and not mine:
        role = Role(signer.field) if signer.field != "student" else _family_role(row, signer)
        ensure_membership(session, account, role, signer.name)
        row.parties.append(
            ConventionParty(
                tenant_id=row.tenant_id,
                convention_id=row.id,
                role=role,
                name=signer.name,
                email=account.email,
                account_id=account.id,
            )
        )
    session.flush()


def _family_role(row: Convention, signer: Signer) -> Role:
    return Role.STUDENT if signer.name == row.student_name else Role.GUARDIAN


_PATHS = {
    "host_representative": ("host", "representative"),
    "tutor": ("tutor",),
    "student": ("student", "guardian"),
}


def corrected(row: Convention, request: SignatureRequest) -> dict[str, Any]:
    """Return a convention's data with the addresses that the school corrected while the document was signed."""
    data: dict[str, Any] = deepcopy(row.data)
    for signer in request.signers:
        if signer.readdressed_at:
            *path, last = _PATHS[signer.field]
            person = data
            for name in (*path, last):
                person = person.setdefault(name, {}) or {}
            adult = signer.field == "student" and signer.name == row.student_name
            (data["student"] if adult else person)["email"] = signer.email
    return data


def reached(row: Convention, specs: Iterable[SignerSpec], today: date) -> tuple[SignerSpec, ...]:
    """Return the signers of a later document of a convention, at the addresses that the school corrected since.

    ``specs`` are those of the document's data: an address that differs from the convention's own data is another's.
    """
    own = {spec.field: travelling(spec.email) for spec in five_of(row.data, today)}
    return tuple(_reached(row, spec, own) for spec in specs)


def _reached(row: Convention, spec: SignerSpec, own: dict[str, str]) -> SignerSpec:
    if travelling(spec.email) != own.get(spec.field):
        return spec
    roles = roles_of(spec.field)
    kept = [party.email for party in row.parties if party.role in roles and party.name == spec.name]
    return SignerSpec(spec.field, spec.capacity, spec.name, kept[0]) if len(kept) == 1 else spec
