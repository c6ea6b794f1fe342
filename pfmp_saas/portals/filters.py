"""How dates and states are written for people."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_babel import format_date, format_datetime

from pfmp_saas.amendments.states import LABELS as AMENDMENT_LABELS
from pfmp_saas.conventions.states import LABELS
from pfmp_saas.core.permissions import Permission, allows
from pfmp_saas.core.roles import LABELS as ROLE_LABELS
from pfmp_saas.followups.states import LABELS as FOLLOWUP_LABELS
from pfmp_saas.portals.context import my_name

EVENTS = {
    "frozen": "document figé",
    "signed": "signé",
    "signed-on-paper": "signé sur papier, original vu",
    "refused": "refusé",
    "withdrawn": "retiré par l’établissement",
    "override": "dérogation consignée",
    "erased": "noms effacés",
}
"""What the kinds of evidence events are called."""


def install(app: Flask) -> None:
    """Register the filters and the globals that every template uses."""
    app.template_filter("day")(day)
    app.template_filter("moment")(moment)
    app.template_filter("state_label")(lambda state: LABELS.get(state, state))
    app.template_filter("amendment_label")(lambda state: AMENDMENT_LABELS.get(state, state))
    app.template_filter("followup_label")(lambda kind: FOLLOWUP_LABELS.get(kind, kind))
    app.template_filter("event_label")(lambda kind: EVENTS.get(kind, kind))
    app.template_filter("role_label")(lambda role: ROLE_LABELS.get(role, role))
    app.context_processor(lambda: {"place": g.get("place"), "may": may, "my_name": my_name})


def day(value: date | None) -> str:
    """Write a date, as « 12 janvier 2027 »."""
    return format_date(value, "d MMMM y") if value else "—"


def moment(value: datetime | None, zone: str | None = None) -> str:
    """Write an instant as « 12 janvier 2027 à 08:30 », in the establishment's zone unless another is named."""
    if value is None:
        return "—"
    place = g.get("place")
    local = ZoneInfo(zone or (place.timezone if place else "Europe/Paris"))
    return str(format_datetime(value.astimezone(local), "d MMMM y 'à' HH:mm", rebase=False))


def may(permission: str) -> bool:
    """Tell a template whether the signed-in person has a permission in this establishment."""
    place = g.get("place")
    return place is not None and allows(place.roles, Permission(permission))
