"""A school's colour and logo, as its pages ask for them: named by their content, kept by browsers for ever."""

import hashlib
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core import colours
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.permissions import public
from pfmp_saas.portals.assets import FOREVER
from pfmp_saas.portals.context import session, uai
from pfmp_saas.portals.limits import limiter
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import EstablishmentLook

bp = Blueprint("looks", __name__, url_prefix="/apparence")
WHY = "the colour and the logo that a school shows on the pages of its signers, who have no account"


@dataclass(frozen=True)
class Look:
    """The addresses of the style sheet and of the logo of the page's school, None where it has none."""

    sheet: str | None = None
    logo: str | None = None


def install(app: Flask) -> None:
    """Give every template the look of the page's school, as ``school_look()``."""
    app.add_template_global(school_look, "school_look")


def school_look(shown: bool = True) -> Look:
    """Return the look of the school in whose tenant the request stands; ours where it stands in none, or not ``shown``."""
    if not shown or session().info.get("tenant") is None:
        return Look()
    row = tenants.look(session())
    if row is None:
        return Look()
    here = tenants.here(session()).uai
    sheet = url_for("looks.sheet", uai=here, digest=_digest(row.colour)) if row.colour else None
    logo = url_for("looks.logo", uai=here, digest=row.logo_sha256[:16]) if row.logo_sha256 else None
    return Look(sheet, logo)


def _digest(colour: str) -> str:
    return hashlib.sha256(colours.sheet(colour).encode()).hexdigest()[:16]


@bp.get("/<uai>/<digest>.css")
@public(WHY)
@limiter.limit("240 per minute")
def sheet(digest: str) -> ResponseReturnValue:
    """Give the style sheet of a school's colour."""
    row = _row()
    if not row.colour or digest != _digest(row.colour):
        abort(404)
    return _kept(Response(colours.sheet(row.colour), mimetype="text/css"))


@bp.get("/<uai>/<digest>.png")
@public(WHY)
@limiter.limit("240 per minute")
def logo(digest: str) -> ResponseReturnValue:
    """Give a school's logo."""
    row = _row()
    if row.logo is None or digest != row.logo_sha256[:16]:
        abort(404)
    return _kept(Response(row.logo, mimetype="image/png"))


def _row() -> EstablishmentLook:
    enter_tenant(session(), tenants.by_uai(session(), uai()).id)
    return tenants.look(session()) or abort(404)


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = FOREVER
    return answer
