"""The school's pupils (class lists) for the office; its settings for the head and the DDFPT."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in, today
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.roster import queries as pupils_of
from pfmp_saas.roster import use_cases as students
from pfmp_saas.roster.forms import FilesForm
from pfmp_saas.roster.reading import files
from pfmp_saas.roster.reading.values import Fault, Roster
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants import use_cases as tenant_use_cases
from pfmp_saas.tenants.forms import SettingsForm

_MOST_SHOWN = 20


@bp.get("/<uai>/eleves")
@requires(Permission.CONVENTION_READ)
def pupils() -> ResponseReturnValue:
    """List the pupils, and offer to import a class list."""
    return _pupils(())


@bp.post("/<uai>/eleves")
@requires(Permission.PEOPLE_WRITE)
def import_pupils() -> ResponseReturnValue:
    """Import the school's files: all of them, or nothing with the faulty lines named."""
    day, sources = today(), FilesForm().sources()
    found = files.read(sources, day)
    if not sources:
        return _pupils((Fault("", 1, "choisissez au moins un fichier"),)), 422
    if found.faults:
        return _pupils(found.faults), 422
    added, updated = students.keep_pupils(session(), found.kept(day))
    flash(_told(found, day, added, updated))
    for doubt in found.doubts[:_MOST_SHOWN]:
        flash(f"À vérifier : {doubt.file}, ligne {doubt.line} : {doubt.reason}.")
    return redirect(url_for("school.pupils"))


def _pupils(faults: Sequence[Fault]) -> str:
    return render_template("portals/school/pupils.html", faults=faults, **pupils_shown())


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


def _told(found: Roster, day: date, added: int, updated: int) -> str:
    """Return what an import did, what it left out and what no column took included."""
    sentence = f"Liste importée : {added} élève(s) ajouté(s), {updated} mis à jour."
    apart = len(found.apprentices(day)), len(found.left(day))
    if any(apart):
        sentence += f" Écartés : {apart[0]} apprenti(s), {apart[1]} élève(s) parti(s)."
    if found.columns_left:
        sentence += f" Colonnes sans emploi : {', '.join(name for _, name in found.columns_left)}."
    return sentence


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
