"""The school's own convention type: derived, edited, compared, adopted."""

import json
import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.revisions import use_cases
from pfmp_saas.conventions.revisions.content import derived, read
from pfmp_saas.conventions.revisions.differences import differences
from pfmp_saas.conventions.revisions.models import TypeRevision
from pfmp_saas.conventions.revisions.preview import sample_pdf
from pfmp_saas.conventions.revisions.states import LABELS
from pfmp_saas.conventions.types.loader import get_type
from pfmp_saas.core import reading
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.unit_of_work import attempt
from pfmp_saas.portals.context import actor, now, place, session
from pfmp_saas.portals.party import pdf
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.tenants import queries as tenants

TYPE = "/<uai>/convention-type"
ONE = f"{TYPE}/<uuid:type_revision_id>"
ARTICLE = f"{ONE}/articles/<int:number>"


@bp.get(TYPE)
@requires(Permission.CONVENTION_READ)
def revisions(uai: str) -> ResponseReturnValue:
    """List the school's revisions."""
    return _list(uai, None)


def _list(uai: str, error: str | None) -> str:
    slug = tenants.get(session(), place().establishment_id).type_slug
    rows = use_cases.everyone(session())
    return render_template(
        "portals/school/revisions.html", uai=uai, rows=rows, labels=LABELS, base=get_type(slug), error=error
    )


@bp.post(TYPE)
@requires(Permission.CONVENTION_WRITE)
def derive(uai: str) -> ResponseReturnValue:
    """Open a draft from the revision in force or from the base."""
    slug = tenants.get(session(), place().establishment_id).type_slug
    return _to(uai, use_cases.derive(session(), slug, actor().account_id))


@bp.post(f"{TYPE}/importer")
@requires(Permission.CONVENTION_WRITE)
def take_in(uai: str) -> ResponseReturnValue:
    """Open a draft from another school's file, or say what is wrong in it."""
    upload = request.files.get("file")
    try:
        row = use_cases.take_in(session(), upload.read() if upload else b"", actor().account_id)
    except DomainError as error:
        return _list(uai, error.message), error.status
    return _to(uai, row)


def _to(uai: str, row: TypeRevision) -> ResponseReturnValue:
    return redirect(url_for("school.revision", uai=uai, type_revision_id=row.id))


@bp.get(ONE)
@requires(Permission.CONVENTION_READ)
def revision(uai: str, type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Show a revision: its articles, its annexes, what may be done with it."""
    return _page(uai, use_cases.get(session(), type_revision_id), None)


def _page(uai: str, row: TypeRevision, error: str | None) -> str:
    return render_template(
        "portals/school/revision.html",
        uai=uai,
        row=row,
        content=read(row.content),
        base=get_type(row.base_slug),
        labels=LABELS,
        error=error,
    )


@bp.get(ARTICLE)
@requires(Permission.CONVENTION_WRITE)
def article(uai: str, type_revision_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Show the form of an article; ``?apres`` writes a new one after it."""
    row = use_cases.get(session(), type_revision_id)
    content = read(row.content)
    if not 1 <= number <= len(content.pieces):
        raise NotFound
    if "apres" in request.args:
        return _article(uai, row, number, "", "", None)
    piece = content.pieces[number - 1]
    return _article(uai, row, number, piece.title, piece.text, None)


def _article(uai: str, row: TypeRevision, number: int, title: str, text: str, error: str | None) -> str:
    new = "apres" in request.args
    return render_template(
        "portals/school/article.html",
        uai=uai,
        row=row,
        number=number,
        title=title,
        text=text,
        new=new,
        error=error,
    )


@bp.post(ARTICLE)
@requires(Permission.CONVENTION_WRITE)
def save_article(uai: str, type_revision_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Save an article, or a new one after it."""
    title = request.form.get("title", "").replace("\x00", "").strip()
    text = request.form.get("text", "").replace("\x00", "").replace("\r\n", "\n").strip()
    edit = use_cases.added if "apres" in request.args else use_cases.edited
    try:
        with attempt(session()):
            row = use_cases.change(session(), type_revision_id, edit(number, title, text))
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        return _article(
            uai, use_cases.get(session(), type_revision_id), number, title, text, error.message
        ), error.status
    flash("Article enregistré.")
    return _to(uai, row)


@bp.post(f"{ARTICLE}/supprimer")
@requires(Permission.CONVENTION_WRITE)
def remove_article(uai: str, type_revision_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Remove an article, unless it alone carries a mandatory mention."""
    try:
        with attempt(session()):
            row = use_cases.change(session(), type_revision_id, use_cases.removed(number))
    except DomainError as error:
        return _page(uai, use_cases.get(session(), type_revision_id), error.message), error.status
    flash("Article retiré.")
    return _to(uai, row)


@bp.post(f"{ONE}/annexes")
@requires(Permission.CONVENTION_WRITE)
def annexes(uai: str, type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Choose the annexes."""
    known = [annex.slug for annex in get_type(use_cases.get(session(), type_revision_id).base_slug).annexes]
    off = tuple(slug for slug in known if slug not in request.form.getlist("annex"))
    try:
        with attempt(session()):
            row = use_cases.change(session(), type_revision_id, use_cases.without_annexes(off))
    except DomainError as error:
        return _page(uai, use_cases.get(session(), type_revision_id), error.message), error.status
    flash("Annexes enregistrées.")
    return _to(uai, row)


@bp.get(f"{ONE}/differences")
@requires(Permission.CONVENTION_READ)
def compare(uai: str, type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Show word by word what differs from the base, and from the revision before."""
    row = use_cases.get(session(), type_revision_id)
    content = read(row.content)
    before = next((each for each in use_cases.everyone(session()) if _precedes(each, row)), None)
    base = derived(row.base_slug)
    titles = {annex.slug: annex.title for annex in get_type(row.base_slug).annexes}
    return render_template(
        "portals/school/differences.html",
        uai=uai,
        row=row,
        from_base=differences(base, content),
        from_before=differences(read(before.content), content) if before else None,
        before=before,
        annexes_off=[titles[slug] for slug in content.annexes_off],
    )


def _precedes(each: TypeRevision, row: TypeRevision) -> bool:
    return each.number < row.number and each.base_slug == row.base_slug


@bp.get(f"{ONE}/apercu.pdf")
@requires(Permission.CONVENTION_READ)
def preview_type(uai: str, type_revision_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads uai
    """Render the revision with sample people."""
    row = use_cases.get(session(), type_revision_id)
    return pdf(sample_pdf(row, conventions.school_part(session())), "convention-type.pdf")


@bp.get(f"{ONE}/export.json")
@requires(Permission.CONVENTION_READ)
def export(uai: str, type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Give the revision as one file, for another school."""
    row = use_cases.get(session(), type_revision_id)
    response = Response(json.dumps(row.content, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="convention-type-{uai}-{row.number}.json"'
    )
    return response


@bp.post(f"{ONE}/adopter")
@requires(Permission.SETTINGS_WRITE)
def adopt(uai: str, type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Put the revision in force with the board's deliberation."""
    try:
        voted = reading.day(request.form.get("on", "").strip())
    except ValueError as error:
        return _page(uai, use_cases.get(session(), type_revision_id), str(error)), 422
    if voted is None or reading.as_date(voted) > now().date():
        return _page(
            uai, use_cases.get(session(), type_revision_id), "Indiquez la date, passée, de la délibération."
        ), 422
    number = request.form.get("number", "")
    row = use_cases.adopt(session(), type_revision_id, on=reading.as_date(voted), number=number, now=now())
    flash("La convention-type est adoptée : les prochaines conventions la suivent.")
    return _to(uai, row)


@bp.post(f"{ONE}/retirer")
@requires(Permission.SETTINGS_WRITE)
def retire(uai: str, type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Go back to the base for new conventions."""
    row = use_cases.retire(session(), type_revision_id, now())
    flash("La convention-type est retirée : les prochaines conventions suivent le modèle.")
    return _to(uai, row)
