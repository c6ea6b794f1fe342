"""A referent's placements as a calendar to subscribe to: an address that is a key, and dies with the teacher's access."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from pfmp_saas.accounts import queries as people
from pfmp_saas.conventions import calendar
from pfmp_saas.conventions.calendar import Away
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.dates import next_day
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.permissions import public
from pfmp_saas.core.roles import Role
from pfmp_saas.portals.context import now, session, settings, uai
from pfmp_saas.portals.limits import by_token, slow_guessing
from pfmp_saas.portals.seals import opened, sealed
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment

bp = Blueprint("calendars", __name__, url_prefix="/calendrier")
WHY = "a calendar program has no session: the address is the key to one teacher's own placements"
CALENDAR = "calendar"
_KEPT = timedelta(days=60)
"""How long a placement that is over stays in the calendar."""


class UnknownCalendar(NotFound):
    """No calendar has this address, or its teacher is none here any more."""

    sentence = "Ce calendrier n’existe pas, ou n’est plus ouvert."


bp.register_error_handler(UnknownCalendar, slow_guessing)


def address_of(account_id: uuid.UUID) -> str:
    """Return the address of a teacher's calendar in the school of the page."""
    return settings().base_url + url_for("calendars.give", token=sealed(CALENDAR, account_id, uai()))


@bp.get("/<uai>/<token>.ics")
@public(WHY)
@by_token("60 per minute")
def give(token: str) -> ResponseReturnValue:
    """Give the calendar; programs ask for it again every few hours."""
    school = tenants.by_uai(session(), uai())
    enter_tenant(session(), school.id)
    account_id = _teacher(session(), token)
    since = tenants.today(session(), now()) - _KEPT
    written = _written(school, calendar.followed_by(session(), account_id, since))
    answer = Response(written, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _teacher(db: Session, token: str) -> uuid.UUID:
    """Return the teacher whose address this is. Raises UnknownCalendar."""
    account_id = opened(CALENDAR, token, uai())
    teachers = {each.account_id for each in people.members(db, frozenset({Role.REFERENT}))}
    if account_id is None or account_id not in teachers:
        raise UnknownCalendar
    return account_id


def _written(school: Establishment, found: Iterable[Away]) -> bytes:
    calendar_file = Calendar()
    for name, value in (
        ("prodid", "-//PFMP//calendrier//FR"),
        ("version", "2.0"),
        ("x-wr-calname", f"PFMP – {school.name}"),
        ("x-wr-timezone", school.timezone),
    ):
        calendar_file.add(name, value)
    for away in found:
        calendar_file.add_component(_event(away))
    return bytes(calendar_file.to_ical())


def _event(away: Away) -> Event:
    row, host = away.convention, away.convention.data.get("host") or {}
    tutor = (row.data.get("tutor") or {}).get("name") or ""
    event = Event()
    event.add("uid", f"{row.id}-{away.starts_on:%Y%m%d}@pfmp")
    event.add("dtstamp", row.updated_at)
    event.add("dtstart", away.starts_on)
    event.add("dtend", next_day(away.ends_on))  # RFC 5545 leaves the last day of an all-day event out of it
    event.add("summary", f"{row.student_name} ({row.class_name}) – {row.host_name}")
    event.add("location", host.get("address") or "")
    event.add(
        "description", f"Convention {row.number}. Tuteur : {tutor}." if tutor else f"Convention {row.number}."
    )
    event.add("transp", "TRANSPARENT")  # the teacher is not busy because a pupil is away
    return event
