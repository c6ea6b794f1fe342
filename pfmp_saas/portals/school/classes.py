"""The school's classes and courses: what each class is, its course, the new year; a course typed once for its pupils."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.years import school_year
from pfmp_saas.law.money.rates import Mef, Rate, UnknownRate, rate_of
from pfmp_saas.portals.context import place, session, today
from pfmp_saas.portals.filters import counted
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.roster import queries, use_cases
from pfmp_saas.roster.forms import (
    ClassCourseForm,
    CourseForm,
    NewYearForm,
    class_course_form,
    course_form,
    new_year_form,
)
from pfmp_saas.roster.models import Course
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.loader import available, get_type

CLASSES = "/<uai>/classes"
COURSES = "/<uai>/formations"
COURSE = f"{COURSES}/<uuid:course_id>"


@bp.get(CLASSES)
@requires(Permission.CONVENTION_READ)
def classes() -> ResponseReturnValue:
    """List the classes, with what their pupils lack and their course."""
    return _classes(unsent(_class_course))


def _class_course() -> ClassCourseForm:
    return class_course_form(_names(), queries.courses(session()))


def _names() -> list[str]:
    return [name for name, _ in queries.classes(session()) if name]


def _classes(form: ClassCourseForm) -> str:
    titles = {each.mef: f"{each.diploma} {each.title}" for each in queries.courses(session())}
    return render_template(
        "portals/school/classes.html", rows=queries.class_rows(session()), titles=titles, form=form
    )


@bp.post(CLASSES)
@requires(Permission.PEOPLE_WRITE)
def give_class_course() -> ResponseReturnValue:
    """Say which course the pupils of a class follow."""
    form = _class_course()
    if not form.validate():
        return _classes(form), 422
    use_cases.set_class_course(session(), form.class_name.data, form.mef.data)
    flash(f"Les élèves de {form.class_name.data} suivent cette formation.")
    return redirect(url_for("school.classes"))


@bp.get(f"{CLASSES}/annee")
@requires(Permission.PEOPLE_WRITE)
def new_year() -> ResponseReturnValue:
    """Show what becomes of each class in the new school year."""
    return _new_year(new_year_form(_names()))


def _new_year(form: NewYearForm) -> str:
    form.shown.data = queries.standing(session())
    return render_template(
        "portals/school/new_year.html", form=form, numbers=dict(queries.classes(session()))
    )


def _not_promoted(error: DomainError) -> str:
    form = new_year_form(_names())
    form.refuse(error)
    return _new_year(form)


@bp.post(f"{CLASSES}/annee")
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_promoted)
def promote_classes() -> ResponseReturnValue:
    """Give every class its new name, and note the pupils of the last ones gone."""
    names = _names()
    form = new_year_form(names)
    if not form.validate():
        return _new_year(form), 422
    number = use_cases.promote(session(), form.year(names), today())
    flash(f"{counted(number, 'élève a changé', 'élèves ont changé')} de classe ou sont sortis.")
    return redirect(url_for("school.classes"))


@bp.get(COURSES)
@requires(Permission.CONVENTION_READ)
def courses() -> ResponseReturnValue:
    """List the courses, and the MEF codes of pupils that have none yet."""
    rows, followed = queries.courses(session()), queries.followed(session())
    known = {row.mef for row in rows}
    return render_template(
        "portals/school/courses.html",
        rows=rows,
        followed={code: (names, number) for code, names, number in followed},
        unknown=[each for each in followed if each[0] not in known],
    )


def _types() -> dict[str, str]:
    return {slug: get_type(slug).label for slug in available()}


@bp.get(f"{COURSES}/nouvelle")
@requires(Permission.PEOPLE_WRITE)
def new_course() -> ResponseReturnValue:
    """Show the form of a course to add, of the MEF of the address if it names one."""
    return _course(None, course_form(_types(), None, request.args.get("mef", "")))


@bp.get(COURSE)
@requires(Permission.PEOPLE_WRITE)
def course(course_id: uuid.UUID) -> ResponseReturnValue:
    """Show a course."""
    row = queries.course(session(), course_id)
    return _course(row, course_form(_types(), row))


def _course(row: Course | None, form: CourseForm) -> str:
    return render_template("portals/school/course.html", row=row, form=form, rate=_rate(row) if row else None)


def _rate(row: Course) -> Rate | None:
    """Return the State's allowance to the pupils of a course this school year, None where none is published."""
    agricultural = get_type(
        row.type_slug or tenants.get(session(), place().establishment_id).type_slug
    ).profile.agricultural
    try:
        return rate_of(Mef(row.mef), "MASA" if agricultural else "MENJ", school_year(today()))
    except UnknownRate:
        return None


def _not_added(error: DomainError) -> str:
    form = course_form(_types(), None)
    form.refuse(error)
    return _course(None, form)


@bp.post(f"{COURSES}/nouvelle")
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_added)
def add_course() -> ResponseReturnValue:
    """Add a course."""
    return _save(None)


@bp.post(COURSE)
@requires(Permission.PEOPLE_WRITE)
def change_course(course_id: uuid.UUID) -> ResponseReturnValue:
    """Change a course; its MEF stays."""
    return _save(queries.course(session(), course_id))


def _save(row: Course | None) -> ResponseReturnValue:
    form = course_form(_types(), row)
    if not form.validate():
        return _course(row, form), 422
    use_cases.save_course(session(), row.id if row else None, form.values())
    flash("Formation enregistrée : les prochaines conventions de ses élèves la reprennent.")
    return redirect(url_for("school.courses"))
