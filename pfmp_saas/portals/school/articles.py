"""The articles and the annexes of the school's draft convention type."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import session
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.revisions import ONE, revision_page
from pfmp_saas.types.conditions import CONDITIONS
from pfmp_saas.types.revisions import edits, use_cases
from pfmp_saas.types.revisions.bases import base_of
from pfmp_saas.types.revisions.content import Content
from pfmp_saas.types.revisions.file import read
from pfmp_saas.types.revisions.forms import AnnexesForm, ArticleForm, MoveForm
from pfmp_saas.types.revisions.models import TypeRevision

ARTICLE = f"{ONE}/articles/<int:number>"


@bp.get(ARTICLE)
@requires(Permission.CONVENTION_WRITE)
def article(type_revision_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Show the form of an article; ``?apres`` writes a new one after it."""
    row = use_cases.get(session(), type_revision_id)
    content = read(row.content)
    if not 1 <= number <= len(content.pieces):
        raise NotFound
    if "apres" in request.args:
        return _page(row, number, _form(content))
    piece = content.pieces[number - 1]
    carried = [str(mention) for mention in piece.mentions]
    return _page(row, number, _form(content, {"title": piece.title, "text": piece.text, "mention": carried}))


def _form(content: Content, known: dict[str, Any] | None = None) -> ArticleForm:
    base = base_of(session(), content.base_digest)
    return ArticleForm((each for each in base.mentions if each.articles), CONDITIONS, data=known)


def _page(row: TypeRevision, number: int, form: ArticleForm) -> str:
    new = "apres" in request.args
    return render_template("portals/school/article.html", row=row, number=number, form=form, new=new)


def _article_again(error: DomainError, type_revision_id: uuid.UUID, number: int) -> str:
    row = use_cases.get(session(), type_revision_id)
    form = _form(read(row.content))
    form.refuse(error)
    return _page(row, number, form)


@bp.post(ARTICLE)
@requires(Permission.CONVENTION_WRITE)
@or_show(_article_again)
def save_article(type_revision_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Save an article, or a new one after it."""
    edit = edits.added if "apres" in request.args else edits.edited
    form = _form(read(use_cases.get(session(), type_revision_id).content))
    use_cases.change(session(), type_revision_id, edit(number, *form.written()))
    flash("Article enregistré.")
    return _back(type_revision_id)


@bp.post(f"{ARTICLE}/supprimer")
@requires(Permission.CONVENTION_WRITE)
def remove_article(type_revision_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Remove an article."""
    return _change(type_revision_id, edits.removed(number), "Article retiré.")


@bp.post(f"{ARTICLE}/deplacer")
@requires(Permission.CONVENTION_WRITE)
def move_article(type_revision_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Move an article one place up or down."""
    to = number - 1 if MoveForm().sens.data == "haut" else number + 1
    return _change(type_revision_id, edits.moved(number, to), "Article déplacé ; les numéros suivent.")


@bp.post(f"{ONE}/annexes")
@requires(Permission.CONVENTION_WRITE)
def annexes(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Choose the annexes."""
    content = read(use_cases.get(session(), type_revision_id).content)
    known = [annex.slug for annex in base_of(session(), content.base_digest).annexes]
    kept = AnnexesForm(known).annex.data or ()
    off = tuple(slug for slug in known if slug not in kept)
    return _change(type_revision_id, edits.without_annexes(off), "Annexes enregistrées.")


def _change(type_revision_id: uuid.UUID, edit: edits.Edit, done: str) -> ResponseReturnValue:
    """Make an edit and go back to the revision's page, or show there what forbids it."""

    @or_show(lambda error: revision_page(use_cases.get(session(), type_revision_id), error.message))
    def change() -> ResponseReturnValue:
        use_cases.change(session(), type_revision_id, edit)
        flash(done)
        return _back(type_revision_id)

    return change()


def _back(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("school.revision", type_revision_id=type_revision_id))
