"""The school's team: who holds which role, accesses opened and closed, the head's office handed over, the journal."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import queries, roles
from pfmp_saas.accounts.forms import HeadForm, MemberForm
from pfmp_saas.conventions.staff import loads
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import Permission, allows, requires
from pfmp_saas.core.roles import GIVEN_BY_SCHOOL, Role
from pfmp_saas.evidence.administration import journal
from pfmp_saas.law.checks.caps import REFERENT_CAP
from pfmp_saas.portals.context import giving, place, session, today
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp

TEAM = "/<uai>/equipe"


@bp.get(TEAM)
@requires(Permission.PEOPLE_WRITE)
def team() -> ResponseReturnValue:
    """List the school's staff, and offer what the signed-in person may change."""
    return _team()


def _not_added(error: DomainError) -> str:
    form = MemberForm(_given())
    form.refuse(error)
    return _team(adding=form)


@bp.post(TEAM)
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_added)
def add_member() -> ResponseReturnValue:
    """Give a person a role in the school, and mail a sign-in link."""
    form = MemberForm(_given())
    if not form.validate_on_submit():
        return _team(adding=form), 422
    member = form.member()
    roles.add_member(session(), member, giving())
    flash(f"{member.name} reçoit un courriel d’accès.")
    return redirect(url_for("school.team"))


@bp.post(f"{TEAM}/<uuid:account_id>/<role>/retirer")
@requires(Permission.SETTINGS_WRITE)
def remove_member(account_id: uuid.UUID, role: str) -> ResponseReturnValue:
    """Take a role away from a member; nobody can take away their own, nor the head's."""
    roles.remove_member(session(), account_id, role, giving())
    flash("L’accès est retiré.")
    return redirect(url_for("school.team"))


def _not_handed_over(error: DomainError) -> str:
    form = HeadForm()
    form.refuse(error)
    return _team(handing=form)


@bp.post(f"{TEAM}/chef")
@requires(Permission.HEAD_HAND_OVER)
@or_show(_not_handed_over)
def hand_over() -> ResponseReturnValue:
    """Put another person at the school's head: the one in office, who asks it, is head no more."""
    form = HeadForm()
    if not form.validate_on_submit():
        return _team(handing=form), 422
    person = form.member()
    roles.change_head(session(), person, giving())
    flash(f"{person.name} est désormais le chef d’établissement. Vous recevez tous deux un courriel.")
    return redirect(url_for("access.home"))


@bp.get("/<uai>/journal")
@requires(Permission.SETTINGS_WRITE)
def administration_journal() -> ResponseReturnValue:
    """Show who gave and took which role, as the evidence has it."""
    return render_template("portals/school/journal.html", entries=journal(session()))


def _given() -> tuple[Role, ...]:
    """Return the roles that the signed-in person may give: the office opens accesses for teachers."""
    everything = allows(place().roles, Permission.SETTINGS_WRITE)
    return GIVEN_BY_SCHOOL if everything else (Role.REFERENT,)


def _team(adding: MemberForm | None = None, handing: HeadForm | None = None) -> str:
    return render_template(
        "portals/school/team.html",
        members=queries.members(session(), frozenset({*GIVEN_BY_SCHOOL, Role.HEAD})),
        removable=GIVEN_BY_SCHOOL,
        loads=loads(session(), today()),
        most=REFERENT_CAP,
        adding=adding or unsent(MemberForm, _given()),
        handing=handing or unsent(HeadForm),
    )
