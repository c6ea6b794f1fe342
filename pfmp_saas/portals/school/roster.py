"""The school's pupils (class lists) for the office; its settings for the head and the DDFPT."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.roster import queries as pupils_of
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants import use_cases as tenant_use_cases
from pfmp_saas.tenants.forms import SettingsForm


@bp.get("/<uai>/eleves")
@requires(Permission.CONVENTION_READ)
def pupils() -> ResponseReturnValue:
    """List the pupils: of a class, of a name, as asked."""
    return render_template("portals/school/pupils.html", **pupils_shown())


def pupils_shown() -> dict[str, Any]:
    """Return the page of pupils that the address asks for: ``classe``, ``q``, ``apres`` the last of the page before."""
    asked = {"class_name": request.args.get("classe") or None, "search": request.args.get("q") or None}
    after = request.args.get("apres", type=uuid.UUID)
    rows = pupils_of.page(session(), after=after, **asked)
    return {
        "pupils": rows,
        "classes": pupils_of.classes(session()),
        "asked": asked,
        "following": rows[-1].id if len(rows) == pupils_of.PAGE else None,
    }


@bp.get("/<uai>/reglages")
@requires(Permission.SETTINGS_WRITE)
def preferences() -> ResponseReturnValue:
    """Show what the school prints."""
    row = tenants.settings(session())
    return render_template("portals/school/preferences.html", form=SettingsForm(obj=row))


@bp.post("/<uai>/reglages")
@requires(Permission.SETTINGS_WRITE)
def change_preferences() -> ResponseReturnValue:
    """Change what the school prints from its next convention on."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return render_template("portals/school/preferences.html", form=form), 422
    tenant_use_cases.change_settings(session(), form.settings(), by=signed_in().account_id, now=now())
    flash("Réglages enregistrés. Ils valent pour les prochaines conventions.")
    return redirect(url_for("school.preferences"))
