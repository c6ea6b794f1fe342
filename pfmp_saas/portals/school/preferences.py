"""The school's settings, for the head and the DDFPT."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants import use_cases as tenant_use_cases
from pfmp_saas.tenants.forms import SettingsForm


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
