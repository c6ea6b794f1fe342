"""The school's pupils: the list, one pupil's sheet, added, changed, gone, back, erased, and the list as a file."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import queries as conventions
from pfmp_saas.conventions.duplicates import merge_students
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals import sheets
from pfmp_saas.portals.context import session, today
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.roster import queries, use_cases
from pfmp_saas.roster.forms import LeavingForm, PupilForm, pupil_form

PUPILS = "/<uai>/eleves"
PUPIL = f"{PUPILS}/<uuid:student_id>"
_MOST = 10_000
"""Rows of a list that leaves as a file."""


@bp.get(PUPILS)
@requires(Permission.CONVENTION_READ)
def pupils() -> ResponseReturnValue:
    """List the pupils: of a class, of a name, those who left, in the order asked."""
    return render_template("portals/school/pupils.html", **pupils_shown())


def _asked() -> dict[str, Any]:
    """Return what the address asks of the list: ``classe``, ``q``, ``partis``, ``tri``."""
    return {
        "class_name": request.args.get("classe") or None,
        "search": request.args.get("q") or None,
        "left": request.args.get("partis") == "oui",
        "order": request.args.get("tri", "classe"),
    }


def pupils_shown() -> dict[str, Any]:
    """Return the page of pupils that the address asks for; ``apres`` is the last of the page before."""
    asked = _asked()
    rows = queries.page(session(), after=request.args.get("apres", type=uuid.UUID), **asked)
    return {
        "pupils": rows,
        "classes": queries.classes(session()),
        "asked": asked,
        "following": rows[-1].id if len(rows) == queries.PAGE else None,
    }


@bp.get(f"{PUPILS}/liste.<kind>")
@requires(Permission.CONVENTION_READ)
def pupils_sheet(kind: str) -> ResponseReturnValue:
    """Give the list that the address asks for as a file."""
    if kind not in sheets.KINDS:
        raise NotFound
    headings = (
        "Nom",
        "Prénom",
        "Date de naissance",
        "Classe",
        "Courriel",
        "Téléphone",
        "Code MEF",
        "Parti le",
    )
    rows = queries.page(session(), most=_MOST, **_asked())
    return sheets.sheet(
        kind,
        "eleves",
        headings,
        (
            (
                row.last_name,
                row.first_name,
                row.birth_date,
                row.class_name,
                row.email,
                row.phone,
                row.mef,
                row.left_on,
            )
            for row in rows
        ),
    )


@bp.get(f"{PUPILS}/nouveau")
@requires(Permission.PEOPLE_WRITE)
def new_pupil() -> ResponseReturnValue:
    """Show the form of a pupil to add."""
    return _sheet(None, pupil_form(None))


@bp.get(PUPIL)
@requires(Permission.PEOPLE_WRITE)
def pupil(student_id: uuid.UUID) -> ResponseReturnValue:
    """Show a pupil's sheet."""
    return _sheet(student_id, pupil_form(queries.student(session(), student_id)))


def _sheet(student_id: uuid.UUID | None, form: PupilForm, leaving: LeavingForm | None = None) -> str:
    row = queries.student(session(), student_id) if student_id else None
    return render_template(
        "portals/school/pupil.html",
        row=row,
        form=form,
        leaving=leaving or LeavingForm(formdata=None, data={"left_on": today()}),
        course=queries.course_of(session(), row.mef) if row else None,
        doubles=queries.doubles(session(), row) if row and not row.left_on else [],
        conventions=conventions.of_student(session(), student_id) if student_id else [],
    )


def _not_added(error: DomainError) -> str:
    return _refused(error, None)


def _not_saved(error: DomainError, student_id: uuid.UUID) -> str:
    return _refused(error, student_id)


def _refused(error: DomainError, student_id: uuid.UUID | None) -> str:
    form = PupilForm()
    form.refuse(error)
    return _sheet(student_id, form)


@bp.post(f"{PUPILS}/nouveau")
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_added)
def add_pupil() -> ResponseReturnValue:
    """Add a pupil."""
    return _save(None)


@bp.post(PUPIL)
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_saved)
def change_pupil(student_id: uuid.UUID) -> ResponseReturnValue:
    """Change a pupil and the guardians."""
    queries.student(session(), student_id)
    return _save(student_id)


def _save(student_id: uuid.UUID | None) -> ResponseReturnValue:
    form = PupilForm()
    if not form.validate():
        return _sheet(student_id, form), 422
    row = use_cases.save_student(session(), student_id, form.values(), form.guardians())
    flash("La fiche est enregistrée. Les prochaines conventions la reprennent.")
    return redirect(url_for("school.pupil", student_id=row.id))


def _not_done(error: DomainError, student_id: uuid.UUID) -> str:
    form = pupil_form(queries.student(session(), student_id), sent=False)
    form.refusal = error.message
    return _sheet(student_id, form)


@bp.post(f"{PUPIL}/parti")
@requires(Permission.PEOPLE_WRITE)
def pupil_left(student_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a pupil is at the school no more."""
    form = LeavingForm()
    row = queries.student(session(), student_id)
    if not form.validate():
        return _sheet(student_id, pupil_form(row, sent=False), form), 422
    use_cases.leave(session(), student_id, form.left_on.data)
    flash("L’élève n’est plus dans les listes ; ses conventions restent.")
    return redirect(url_for("school.pupil", student_id=student_id))


@bp.post(f"{PUPIL}/retour")
@requires(Permission.PEOPLE_WRITE)
def pupil_back(student_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a pupil is back."""
    use_cases.leave(session(), student_id, None)
    flash("L’élève est de nouveau dans les listes.")
    return redirect(url_for("school.pupil", student_id=student_id))


@bp.post(f"{PUPIL}/fusion/<uuid:other_id>")
@requires(Permission.PEOPLE_WRITE)
def merge_pupils(student_id: uuid.UUID, other_id: uuid.UUID) -> ResponseReturnValue:
    """Put another row of the same pupil into this one."""
    merge_students(session(), student_id, other_id, today())
    flash("Les deux fiches n’en font plus qu’une.")
    return redirect(url_for("school.pupil", student_id=student_id))


@bp.post(f"{PUPIL}/effacer")
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_done)
def erase_pupil(student_id: uuid.UUID) -> ResponseReturnValue:
    """Erase a pupil whom no convention names."""
    use_cases.erase(session(), student_id)
    flash("L’élève et ses représentants sont effacés.")
    return redirect(url_for("school.pupils"))
