"""The change of a signed convention by a signed amendment; the document signed before stays as it is."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.conventions import caps
from pfmp_saas.conventions.addresses import reached
from pfmp_saas.conventions.freeze import five_of, is_minor
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.use_cases import index, open_to
from pfmp_saas.core.addresses import travelling
from pfmp_saas.core.moves import move
from pfmp_saas.law.facts import parse
from pfmp_saas.signing.opening import SignerSpec

REPLACED = {"head", "host_representative", "referent", "tutor"}
"""Capacities in which a new person takes the place of the former one."""


def take(session: Session, convention_id: uuid.UUID, data: Mapping[str, Any], today: date) -> Convention:
    """Write the amended data into a signed convention; ``today`` is local.

    Caps, indexes and portals follow. Raises NotFound, Conflict when it is not signed.
    """
    row = move(session, Convention, convention_id, "amend")
    five = reached(row, five_of(data, today), today)
    row.data, row.draft_version = dict(data), row.draft_version + 1
    index(row)
    caps.replace_all(session, row, parse(row.data))
    _close_to(session, row, five)
    open_to(session, row, five, minor=is_minor(row.data["student"], today))
    session.flush()
    return row


def _close_to(session: Session, row: Convention, five: tuple[SignerSpec, ...]) -> None:
    """Remove the parties that the amendment replaces: a tutor who left reads nothing new of the pupil."""
    present = {(spec.field, travelling(spec.email)) for spec in five}
    for party in list(row.parties):
        if party.role in REPLACED and (party.role, party.email) not in present:
            row.parties.remove(party)
            session.delete(party)
    session.flush()
