"""What stands beside the articles of the school's draft: letterhead, signing order, checks, own fields, questionnaire."""

import base64
import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import session
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.revisions import ONE, PARTS
from pfmp_saas.types.revisions import use_cases
from pfmp_saas.types.revisions.bases import base_of
from pfmp_saas.types.revisions.file import read
from pfmp_saas.types.revisions.forms import SectionForm, section_form
from pfmp_saas.types.revisions.models import TypeRevision

SPARE_ROWS = 3


@bp.get(f"{ONE}/<section>")
@requires(Permission.CONVENTION_WRITE)
def part(type_revision_id: uuid.UUID, section: str) -> ResponseReturnValue:
    """Show the form of one section."""
    row = use_cases.get(session(), type_revision_id)
    return _page(row, section, _form(row, section))


def _form(row: TypeRevision, section: str) -> SectionForm:
    if section not in PARTS:
        raise NotFound
    content = read(row.content)
    return section_form(section, content, base_of(session(), content.base_digest))


def _page(row: TypeRevision, section: str, form: SectionForm) -> str:
    content = read(row.content)
    return render_template(
        "portals/school/type_part.html",
        row=row,
        part=section,
        title=PARTS[section],
        content=content,
        spare=SPARE_ROWS,
        form=form,
    )


@bp.get(f"{ONE}/logo.png")
@requires(Permission.CONVENTION_READ)
def logo(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Give the logo of a revision."""
    encoded = read(use_cases.get(session(), type_revision_id).content).logo
    if not encoded:
        raise NotFound
    return shown_file(base64.b64decode(encoded), "logo.png", "image/png")


def _part_again(error: DomainError, type_revision_id: uuid.UUID, section: str) -> str:
    row = use_cases.get(session(), type_revision_id)
    form = _form(row, section)
    form.refuse(error)
    return _page(row, section, form)


@bp.post(f"{ONE}/<section>")
@requires(Permission.CONVENTION_WRITE)
@or_show(_part_again)
def save_part(type_revision_id: uuid.UUID, section: str) -> ResponseReturnValue:
    """Save one section, or show its form again as typed with what is wrong."""
    row = use_cases.get(session(), type_revision_id)
    use_cases.change(session(), row.id, _form(row, section).edit())
    flash(f"{PARTS[section]} : enregistré.")
    return redirect(url_for("school.revision", type_revision_id=row.id))
