"""The demonstration's pages: everyone in it, every mail it sent, every kind of mail. Absent outside demo mode."""

import email
import json
import re
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from pfmp_saas.accounts import queries
from pfmp_saas.accounts.models import Account
from pfmp_saas.accounts.queries import Known
from pfmp_saas.conventions.states import LABELS as LABELS_OF_STATES
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.fields import Area, Choice, Day, Line, Tick
from pfmp_saas.core.forms import Form
from pfmp_saas.core.permissions import public
from pfmp_saas.core.roles import LABELS, Role
from pfmp_saas.demo.mail_preview import previews
from pfmp_saas.portals.context import enter as enter_as
from pfmp_saas.portals.context import session, settings
from pfmp_saas.portals.files import shown_file
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment

bp = Blueprint("demo", __name__, url_prefix="/demo")
WHY = "the demonstration is open; the routes do not exist outside demo mode"
AS_MAIL = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
"""The policy of an HTML part shown alone: its own inline styles, and nothing else."""


@dataclass(frozen=True)
class ShownMail:
    """One mail as the catcher received it."""

    name: str
    to: str
    subject: str
    date: str
    body: Markup
    has_html: bool
    attachments: tuple[str, ...]


@bp.get("")
@public(WHY)
def people() -> ResponseReturnValue:
    """List the schools and their people, with one-click sign-in."""
    schools = [_school(row) for row in tenants.everyone(session())]
    return render_template("portals/demo/people.html", schools=[*schools, _platform()])


COLOURS = (
    "ink", "muted", "brand", "brand-soft", "glow", "green", "green-soft", "amber", "amber-soft", "red", "red-soft",
    "paper", "card", "edge",
)  # fmt: skip


class SampleForm(Form):
    """One field of each sort, for the page of components."""

    line = Line("Une ligne", description="Une aide sous le champ.")
    day = Day("Une date")
    choice = Choice("Un choix", choices=[("a", "le premier"), ("b", "le second")])
    area = Area("Plusieurs lignes")
    tick = Tick("Une case à cocher")


@bp.get("/composants")
@public(WHY)
def components() -> ResponseReturnValue:
    """Show what pages are built of."""
    form = SampleForm()
    form.day.errors = ["« 31/02/2027 » n’est pas une date du calendrier."]
    return render_template(
        "portals/demo/components.html", form=form, colours=COLOURS, states=LABELS_OF_STATES
    )


@bp.post("/entrer/<uuid:account_id>")
@public(WHY)
def enter(account_id: uuid.UUID) -> ResponseReturnValue:
    """Sign in as someone of the demonstration."""
    account = session().get(Account, account_id) or abort(404)
    enter_as(account)
    return redirect("/accueil")


@bp.get("/mails")
@public(WHY)
def mails() -> ResponseReturnValue:
    """Show every mail sent, the newest first."""
    files = sorted(_directory().glob("*.eml"), reverse=True)
    return render_template("portals/demo/mails.html", mails=[_read(path) for path in files[:300]])


@bp.get("/mails/<name>/<int:part>")
@public(WHY)
def attachment(name: str, part: int) -> ResponseReturnValue:
    """Give one attachment of a mail."""
    parts = list(_parse(_path(name)).iter_attachments())
    if part >= len(parts):
        abort(404)
    attached = parts[part]
    kind = "text/plain" if attached.get_content_maintype() == "text" else attached.get_content_type()
    content = attached.get_content()
    whole = content.encode() if isinstance(content, str) else content
    return shown_file(whole, attached.get_filename() or "piece.pdf", kind)


@bp.get("/mails/<name>/html")
@public(WHY)
def html_part(name: str) -> ResponseReturnValue:
    """Show the HTML part of a mail as its reader sees it."""
    body = _parse(_path(name)).get_body(("html",)) or abort(404)
    return _as_mail(body.get_content())


@bp.get("/mails/modeles")
@public(WHY)
def models() -> ResponseReturnValue:
    """Show every kind of mail, with invented values."""
    return render_template("portals/demo/mail_models.html", previews=previews())


@bp.get("/mails/modeles/<kind>/<int:number>")
@public(WHY)
def model(kind: str, number: int) -> ResponseReturnValue:
    """Show the HTML part of one kind of mail, alone."""
    matching = [preview for preview in previews() if (preview.kind, preview.number) == (kind, number)]
    return _as_mail(matching[0].parts.html) if matching else abort(404)


def _as_mail(html: str) -> Response:
    response = Response(html)
    response.headers["Content-Security-Policy"] = AS_MAIL
    return response


def _path(name: str) -> Path:
    path = _directory() / f"{name}.eml"
    if not re.fullmatch(r"\d{6}", name) or not path.exists():
        abort(404)
    return path


def _directory() -> Path:
    return settings().demo_mails or Path("var/mails")


def _school(row: Establishment) -> dict[str, object]:
    enter_tenant(session(), row.id)
    everyone = queries.members(session(), frozenset(Role))
    enter_tenant(session(), None)
    known, others = (
        [_shown(each) for each in everyone if (each.email in _named()) is named] for named in (True, False)
    )
    return {"name": row.name, "uai": row.uai, "members": known, "others": others}


def _shown(member: Known) -> tuple[uuid.UUID, str, str]:
    return member.account_id, member.name, LABELS[member.role]


@cache
def _named() -> frozenset[str]:
    """Return the addresses of the people of the walk: those whom the seed names."""
    data = json.loads(files("pfmp_saas.demo").joinpath("data.json").read_text(encoding="utf-8"))
    return frozenset(email for school in data["schools"] for _, _, email in school["people"])


def _platform() -> dict[str, object]:
    members = [(account.id, account.name, LABELS[Role.OPERATOR]) for account in queries.operators(session())]
    return {"name": "La plateforme", "uai": "", "members": members, "others": []}


def _parse(path: Path) -> EmailMessage:
    message: EmailMessage = email.message_from_bytes(path.read_bytes(), policy=default)
    return message


def _read(path: Path) -> ShownMail:
    message = _parse(path)
    body = message.get_body(("plain",))
    names = tuple(part.get_filename() or "piece.pdf" for part in message.iter_attachments())
    text = body.get_content() if body else ""
    return ShownMail(
        path.stem,
        str(message["To"]),
        str(message["Subject"]),
        str(message["Date"]),
        _links(text),
        message.get_body(("html",)) is not None,
        names,
    )


def _links(text: str) -> Markup:
    """Escape a text and make its addresses clickable."""
    parts = re.split(r"(https?://[^\s<>\"]+)", text)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )
