"""How dates and states are written for people."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_babel import gettext
from jinja2.ext import Extension

from pfmp_saas.amendments.states import LABELS as AMENDMENT_LABELS
from pfmp_saas.conventions.freeze import comes_of_age
from pfmp_saas.conventions.states import LABELS
from pfmp_saas.core.permissions import Permission, allows
from pfmp_saas.core.roles import LABELS as ROLE_LABELS
from pfmp_saas.difficulties.states import LABELS as DIFFICULTY_LABELS
from pfmp_saas.followups.states import LABELS as FOLLOWUP_LABELS
from pfmp_saas.portals.context import my_name
from pfmp_saas.portals.dating import format_date, format_datetime
from pfmp_saas.searches.kinds import LABELS as STEP_LABELS
from pfmp_saas.signing.delays import last_day_to_object

EVENTS = {
    "frozen": "document figé",
    "signed": "signé",
    "signed-on-paper": "signé sur papier, original vu",
    "carried": "signature de la version précédente reportée",
    "objected": "opposition au report d’une signature",
    "refused": "refusé",
    "withdrawn": "retiré par l’établissement",
    "readdressed": "adresse d’un signataire corrigée",
    "override": "dérogation consignée",
    "finished": "fichier final inscrit au journal",
    "erased": "noms effacés",
}
"""What the kinds of evidence events are called."""


_TELLERS = {
    "evaluation": "le questionnaire de l’élève",
    "student": "l’élève",
    "guardian": "le représentant légal",
    "tutor": "le tuteur",
    "host_representative": "l’organisme d’accueil",
    "referent": "l’enseignant référent",
}
_COMMON = {"lycée", "professionnel", "agricole", "polyvalent", "lp", "legta", "métiers"}


class Typography(Extension):
    """French typography of templates: the blank before « : ; ? ! » and inside « » never breaks a line."""

    def preprocess(self, source: str, *_names: str | None) -> str:
        """Return a template's text with its blanks made unbreakable where French wants them."""
        return _BEFORE.sub("\N{NO-BREAK SPACE}", _AFTER.sub("«\N{NO-BREAK SPACE}", source))


_BEFORE = re.compile(r"(?<=[\w)}»’.%>]) (?=[:;?!»](?:[\s<\"'{]|$))")
_AFTER = re.compile("« ")


def install(app: Flask) -> None:
    """Register the filters and the globals that every template uses."""
    app.jinja_env.add_extension(Typography)
    app.template_filter("day")(day)
    app.template_filter("moment")(moment)
    app.template_filter("short_moment")(short_moment)
    app.template_filter("last_to_object")(last_to_object)
    app.template_filter("weekday")(weekday)
    app.template_filter("hour")(hour)
    app.template_filter("initials")(initials)
    app.template_filter("near")(near)
    app.template_global("span")(span)
    app.template_global("counted")(counted)
    app.template_filter("of_age")(lambda row, today: comes_of_age(row.data, today, row.ends_on))
    app.template_filter("state_label")(lambda state: LABELS.get(state, state))
    app.template_filter("amendment_label")(lambda state: AMENDMENT_LABELS.get(state, state))
    app.template_filter("followup_label")(lambda kind: FOLLOWUP_LABELS.get(kind, kind))
    app.template_filter("step_label")(lambda kind: STEP_LABELS.get(kind, kind))
    app.template_filter("difficulty_label")(lambda kind: DIFFICULTY_LABELS.get(kind, kind))
    app.template_filter("teller_label")(lambda capacity: _TELLERS.get(capacity, capacity))
    app.template_filter("event_label")(lambda kind: EVENTS.get(kind, kind))
    app.template_filter("role_label")(lambda role: ROLE_LABELS.get(role, role))
    app.context_processor(lambda: {"place": g.get("place"), "may": may, "my_name": my_name})


def day(value: date | None) -> str:
    """Write a date, as « 12 janvier 2027 », « 1er mars 2027 »."""
    return format_date(value, "d MMMM y") if value else "—"


def moment(value: datetime | None, zone: str | None = None) -> str:
    """Write an instant as « 12 janvier 2027 à 08:30 », in the establishment's zone unless another is named."""
    if value is None:
        return "—"
    local = ZoneInfo(zone) if zone else _here()
    return str(format_datetime(value.astimezone(local), f"d MMMM y '{gettext('à')}' HH:mm", rebase=False))


def last_to_object(told_at: datetime, zone: str | None = None) -> date:
    """Return the last local day on which a signer told at ``told_at`` (UTC) may oppose that the signature is carried over."""
    return last_day_to_object(told_at, ZoneInfo(zone) if zone else _here())


def _here() -> ZoneInfo:
    place = g.get("place")
    return ZoneInfo(place.timezone if place else "Europe/Paris")


def weekday(value: date) -> str:
    """Write a date with its day of the week, as « mardi 12 janvier »."""
    return str(format_date(value, "EEEE d MMMM"))


def near(value: date, today: date) -> str:
    """Write a date as one says it: « hier », « aujourd’hui », « demain », else « jeu. 26 nov. », with its year if another."""
    told = {-1: "hier", 0: "aujourd’hui", 1: "demain"}.get((value - today).days)
    pattern = "EEE d MMM" if value.year == today.year else "d MMM y"
    return told or str(format_date(value, pattern))


def span(first: date | None, last: date | None) -> str:
    """Write a period in few words, as « 11 janv. – 5 févr. 2027 »."""
    if first is None or last is None:
        return "—"
    begins = format_date(first, "d MMM" if first.year == last.year else "d MMM y")
    return f"{begins} – {format_date(last, 'd MMM y')}"


def short_moment(value: datetime, zone: str) -> str:
    """Write an instant in few words, as « jeudi 26 nov. 16:00 »."""
    return str(format_datetime(value.astimezone(ZoneInfo(zone)), "EEEE d MMM HH:mm", rebase=False))


def hour(value: datetime) -> str:
    """Write an instant's hour in the establishment's zone, as « 10:42 »."""
    return str(format_datetime(value.astimezone(_here()), "HH:mm", rebase=False))


def initials(name: str) -> str:
    """Return two letters that stand for a name: of « Lycée professionnel Gustave-Eiffel », GE."""
    words = [word for word in re.split(r"[\s’'-]+", name) if word[:1].isupper()]
    own = [word for word in words if word.lower() not in _COMMON] or words
    return "".join(word[0] for word in own[:2]).upper() or "P"


def counted(number: int, one: str, many: str) -> str:
    """Write a number with what it counts, as « 3 conventions »: in French, 0 and 1 are singular."""
    return f"{number}\N{NO-BREAK SPACE}{one if abs(number) < 2 else many}"


def may(permission: str) -> bool:
    """Tell a template whether the signed-in person has a permission in this establishment."""
    place = g.get("place")
    return place is not None and allows(place.roles, Permission(permission))
