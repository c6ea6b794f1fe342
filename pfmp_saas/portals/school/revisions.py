"""The school's own convention type: derived, edited, compared, adopted."""

import json
import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import known
from pfmp_saas.core.errors import Conflict as Conflict409
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, place, session, signed_in, today
from pfmp_saas.portals.files import attached_file, shown_file
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.loader import get_type
from pfmp_saas.types.revisions import use_cases
from pfmp_saas.types.revisions.bases import base_of
from pfmp_saas.types.revisions.differences import Span, changes, spans
from pfmp_saas.types.revisions.file import read
from pfmp_saas.types.revisions.forms import AdoptionForm, FileForm, UpdateForm, update_form
from pfmp_saas.types.revisions.merge import Conflict
from pfmp_saas.types.revisions.models import TypeRevision
from pfmp_saas.types.revisions.preview import sample_pdf
from pfmp_saas.types.revisions.shortest import Effort
from pfmp_saas.types.revisions.states import LABELS, RevisionState

TYPE = "/<uai>/convention-type"
ONE = f"{TYPE}/<uuid:type_revision_id>"
PARTS = {
    "en-tete": "En-tête et logo",
    "signatures": "Ordre des signatures",
    "controles": "Contrôles bloquants",
    "champs": "Champs propres à l’établissement",
    "questionnaire": "Questionnaire de l’élève",
}


@bp.get(TYPE)
@requires(Permission.CONVENTION_READ)
def revisions() -> ResponseReturnValue:
    """List the school's revisions."""
    return _list()


def _list(error: DomainError | None = None) -> str:
    slug = _slug()
    rows = use_cases.everyone(session())
    return render_template(
        "portals/school/revisions.html",
        rows=rows,
        labels=LABELS,
        base=get_type(slug),
        outdated=use_cases.outdated(session(), slug),
        error=error.message if error else None,
    )


@bp.post(TYPE)
@requires(Permission.CONVENTION_WRITE)
def derive() -> ResponseReturnValue:
    """Open a draft from the revision in force or from the base."""
    slug = _slug()
    return _to(use_cases.derive(session(), slug, signed_in().account_id))


@bp.post(f"{TYPE}/importer")
@requires(Permission.CONVENTION_WRITE)
@or_show(_list)
def take_in() -> ResponseReturnValue:
    """Open a draft from another school's file, or show what is wrong in it."""
    return _to(use_cases.take_in(session(), FileForm().file.data or b"", signed_in().account_id))


def _to(row: TypeRevision) -> ResponseReturnValue:
    return redirect(url_for("school.revision", type_revision_id=row.id))


@bp.get(ONE)
@requires(Permission.CONVENTION_READ)
def revision(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Show a revision: its articles, its annexes, the actions that its state allows."""
    return revision_page(use_cases.get(session(), type_revision_id), None)


def revision_page(row: TypeRevision, error: str | None, adopting: AdoptionForm | None = None) -> str:
    """Render a revision's page, with the French reason why an action was refused, if one was."""
    content = read(row.content)
    return render_template(
        "portals/school/revision.html",
        row=row,
        content=content,
        base=base_of(session(), content.base_digest),
        kind=use_cases.kind_of(session(), row),
        lacking=use_cases.lacking(session(), row) if row.state == RevisionState.DRAFT else (),
        labels=LABELS,
        parts=PARTS,
        adopting=adopting or unsent(AdoptionForm),
        error=error,
    )


@bp.get(f"{ONE}/differences")
@requires(Permission.CONVENTION_READ)
def compare(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Show word by word what differs from the base, and from the revision before."""
    row = use_cases.get(session(), type_revision_id)
    content = read(row.content)
    before = next((other for other in use_cases.everyone(session()) if _precedes(other, row)), None)
    previous, effort = read(before.content) if before else None, Effort()
    return render_template(
        "portals/school/differences.html",
        row=row,
        from_base=changes(use_cases.former(session(), content), content, effort),
        from_before=changes(previous, content, effort) if previous else None,
        before=before,
        cut=effort.cut,
    )


def _precedes(other: TypeRevision, row: TypeRevision) -> bool:
    return other.number < row.number and other.base_slug == row.base_slug


@bp.get(f"{ONE}/apercu.pdf")
@requires(Permission.CONVENTION_READ)
def preview_type(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Render the revision with sample people."""
    row = use_cases.get(session(), type_revision_id)
    return shown_file(sample_pdf(session(), row, known.school_part(session())), "convention-type.pdf")


@bp.get(f"{ONE}/export.json")
@requires(Permission.CONVENTION_READ)
def export(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Give the revision as one file, for another school."""
    row = use_cases.get(session(), type_revision_id)
    content = json.dumps(row.content, ensure_ascii=False, indent=1).encode()
    return attached_file(content, f"convention-type-{place().uai}-{row.number}.json", "application/json")


@bp.get(f"{TYPE}/mise-a-jour")
@requires(Permission.CONVENTION_READ)
def update_type() -> ResponseReturnValue:
    """Show what the base's new version would change in the school's type, and what must be chosen."""
    if use_cases.outdated(session(), _slug()) is None:
        return _up_to_date()
    return _update_page(None)


def _up_to_date() -> ResponseReturnValue:
    flash("Le modèle de base n’a pas changé depuis votre version.")
    return redirect(url_for("school.revisions"))


@bp.post(f"{TYPE}/mise-a-jour")
@requires(Permission.CONVENTION_WRITE)
def take_update() -> ResponseReturnValue:
    """Open a draft on the base's new version, once every conflict has its choice."""
    if use_cases.outdated(session(), _slug()) is None:
        return _up_to_date()
    form = _update_form()
    update = use_cases.rebase(session(), _slug(), form.choices())
    if update.conflicts:
        return _update_page("Choisissez un texte pour chaque désaccord."), 422
    flash("La mise à jour est faite dans un brouillon : relisez-le, puis faites-le adopter.")
    return _to(use_cases.open_draft(session(), update.content, signed_in().account_id))


def _update_form() -> UpdateForm:
    return update_form(conflict.key for conflict in use_cases.rebase(session(), _slug(), {}).conflicts)


def _update_page(error: str | None) -> str:
    update = use_cases.rebase(session(), _slug(), {})
    effort = Effort()
    conflicts = [(conflict, *_against(conflict, effort)) for conflict in update.conflicts]
    return render_template(
        "portals/school/type_update.html",
        base=get_type(_slug()),
        taken=update.taken,
        conflicts=conflicts,
        form=_update_form(),
        error=error,
        cut=effort.cut,
    )


def _against(conflict: Conflict, effort: Effort) -> tuple[tuple[Span, ...], ...]:
    return tuple(spans(conflict.before, side or "", effort) for side in (conflict.ours, conflict.theirs))


def _slug() -> str:
    return tenants.get(session(), place().establishment_id).type_slug


def _not_adopted(error: DomainError, type_revision_id: uuid.UUID) -> str:
    if isinstance(error, Conflict409):
        raise error
    form = AdoptionForm()
    form.refuse(error)
    return revision_page(use_cases.get(session(), type_revision_id), form.refusal, form)


@bp.post(f"{ONE}/adopter")
@requires(Permission.SETTINGS_WRITE)
@or_show(_not_adopted)
def adopt(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Put the revision in force with the board's deliberation."""
    form = AdoptionForm()
    if not form.validate_on_submit():
        return revision_page(use_cases.get(session(), type_revision_id), None, form), 422
    voted = form.on.data
    if voted is None or voted > today():
        raise DomainError("Indiquez la date, passée, de la délibération.", field="on")
    number = form.number.data or ""
    row = use_cases.adopt(
        session(), type_revision_id, on=voted, number=number, now=now(), by=signed_in().account_id
    )
    flash("La convention-type est adoptée : les prochaines conventions la suivent.")
    return _to(row)


@bp.post(f"{ONE}/retirer")
@requires(Permission.SETTINGS_WRITE)
def retire(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Go back to the base for new conventions."""
    row = use_cases.retire(session(), type_revision_id, now(), by=signed_in().account_id)
    flash("La convention-type est retirée : les prochaines conventions suivent le modèle.")
    return _to(row)
