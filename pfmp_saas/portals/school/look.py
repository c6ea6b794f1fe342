"""The colour and the logo that a school gives to its pages, and to those of its signers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core import colours
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.documents.images import InvalidImage, checked_logo
from pfmp_saas.portals.context import session
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.tenants import queries, use_cases
from pfmp_saas.tenants.forms import LookForm


@bp.get("/<uai>/apparence")
@requires(Permission.CONVENTION_WRITE)
def look() -> ResponseReturnValue:
    """Show the colour and the logo."""
    row = queries.look(session())
    return _page(LookForm(data={"colour": row.colour if row else ""}))


@bp.post("/<uai>/apparence")
@requires(Permission.CONVENTION_WRITE)
def change_look() -> ResponseReturnValue:
    """Change the colour and the logo; a picture is judged by its content and made again from its pixels."""
    form = LookForm()
    logo = _logo(form)
    if not form.validate_on_submit() or form.wrong:
        return _page(form), 422
    use_cases.change_look(session(), form.colour.data, logo)
    flash("Apparence enregistrée.")
    return redirect(url_for("school.look"))


def _logo(form: LookForm) -> bytes | None:
    """Return the picture to keep, empty for none, None to leave the one that is there."""
    form.validate()
    if not form.logo.data:
        return b"" if form.no_logo.data else None
    try:
        return checked_logo(form.logo.data)
    except InvalidImage as error:
        form.refusal = str(error)
        return None


def _page(form: LookForm) -> str:
    row = queries.look(session())
    colour = row.colour if row else ""
    chosen = (
        [(night, colours.shades(colour, night=night)["brand"]) for night in (False, True)] if colour else []
    )
    measured = [
        (night, brand, min(colours.contrast(brand, ground) for ground in grounds))
        for (night, brand), grounds in zip(chosen, (colours.DAY_GROUNDS, colours.NIGHT_GROUNDS), strict=False)
    ]
    return render_template(
        "portals/school/look.html", form=form, measured=measured, has_logo=bool(row and row.logo_sha256)
    )
