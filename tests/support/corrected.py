"""A convention corrected after four signatures: the tutor's name and Friday's hours; two signatures are carried over."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.replacing import Correction, replace
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.signing import carrying
from pfmp_saas.signing.models import SignatureRequest, Signer
from tests.support.acts import sign
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.logged_school import LoggedSchool

OFFICE = Actor("Chantal Roy", "secretariat@lp-eiffel.example", "establishment", "account")
NEW, RIGHT = "Inès Petit", "i.petit@garage.example"
AGAIN = ("host_representative", "student", "tutor")
"""Whom the usual table names for the tutor's name and Friday's hours."""
LATER = NOW + timedelta(days=6)


def confirmed(shown: TestResponse, fields: dict[str, str]) -> dict[str, str]:
    """Return the fields of a correction with what its page showed of the effect."""
    found = re.search(r'name="confirmed" value="([0-9a-f]{64})"', shown.text)
    assert found, shown.text
    return fields | {"confirmed": found[1]}


def four_have_signed(session: Session, base_url: str, now: datetime = NOW) -> Convention:
    """Send the draft; all but the tutor sign."""
    row = session.scalars(select(Convention).where(Convention.state == "draft")).one()
    conventions.send(session, row.id, kek=KEK, base_url=base_url, now=now)
    request = session.get_one(SignatureRequest, row.request_id)
    for signer in request.signers:
        if signer.field != "tutor":
            sign(session, signer, request.frozen_hash)
    return row


def correct(session: Session, row: Convention, base_url: str, **parts: object) -> SignatureRequest:
    """Replace the version in signature; without parts, the tutor's name and Friday's hours."""
    timetable = {**row.data["timetable"], "friday": [["08:00", "12:00"]]}
    usual = {"tutor": {**row.data["tutor"], "name": NEW, "email": RIGHT}, "timetable": timetable}
    correction = Correction(parts or usual, "Le tuteur part en retraite ; le vendredi, on ferme à midi.")
    replace(session, row.id, correction, by=OFFICE, kek=KEK, base_url=base_url, now=NOW)
    return session.get_one(SignatureRequest, row.request_id)


def delivered(session: Session) -> None:
    """Let the news of the change have left, as the worker would note."""
    told = update(OutgoingMail).where(OutgoingMail.kind == "signing-informed")
    session.execute(told.values(done_at=NOW, state="done"))


def carry_all(session: Session, now: datetime = LATER) -> None:
    """Do what is due of signatures carried over, as the worker at ``now``."""
    due = select(DueItem).where(DueItem.kind == DueKind.CARRY, DueItem.state == "waiting")
    for item in session.scalars(due).all():
        carrying.carry(session, item, KEK, now)


def corrected_and_signed(
    school: LoggedSchool, meddle: Callable[[Session, SignatureRequest], None] | None = None
) -> uuid.UUID:
    """Correct, let those concerned sign and the others keep silent; return the request, complete."""
    with school.inside() as session:
        url = school.settings.base_url
        newest = correct(session, four_have_signed(session, url), url)
        for signer in newest.signers:
            if signer.field in AGAIN:
                sign(session, signer, newest.frozen_hash)
        delivered(session)
        if meddle:
            meddle(session, newest)
        carry_all(session)
        assert newest.state == "complete"
        session.commit()
        return newest.id


def of_field(request: SignatureRequest, field: str) -> Signer:
    """Return the signer of a field."""
    return next(each for each in request.signers if each.field == field)
