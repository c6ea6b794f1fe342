"""Campaigns: a class and its period, a draft a pupil, what keeps each back, corrected together and sent in one act."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import queries as people
from pfmp_saas.campaigns import queries, sendings, use_cases
from pfmp_saas.campaigns.forms import CampaignForm, ChosenForm, CorrectionForm, campaign_form
from pfmp_saas.campaigns.states import SendingState
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in, today
from pfmp_saas.portals.filters import counted
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.roster import queries as roster
from pfmp_saas.signing import queries as signing

CAMPAIGN = "/<uai>/campagnes/<uuid:campaign_id>"
GROUPS = ("unplaced", "lacking", "ready", "sent", "signed")


@bp.get("/<uai>/campagnes")
@requires(Permission.CONVENTION_READ)
def campaigns() -> ResponseReturnValue:
    """List the campaigns, the latest period first."""
    found = queries.page(session(), request.args.get("apres", type=uuid.UUID))
    return render_template(
        "portals/school/campaigns.html",
        found=found,
        day=today(),
        following=found[-1].campaign.id if len(found) == queries.PAGE else None,
    )


@bp.get("/<uai>/campagnes/nouvelle")
@requires(Permission.CONVENTION_WRITE)
def new_campaign() -> ResponseReturnValue:
    """Show the form of a campaign, for the class of the address if it names one."""
    return _new(_form()[0])


def _form() -> tuple[CampaignForm, dict[str, str]]:
    return campaign_form(roster.classes(session()), people.referents(session()), request.args.get("classe"))


def _new(form: CampaignForm) -> str:
    return render_template("portals/school/campaign_new.html", form=form)


def _refused(error: DomainError) -> str:
    form, _ = _form()
    form.refuse(error)
    return _new(form)


@bp.post("/<uai>/campagnes/nouvelle")
@requires(Permission.CONVENTION_WRITE)
@or_show(_refused)
def start_campaign() -> ResponseReturnValue:
    """Open a campaign with a draft a pupil."""
    form, teachers = _form()
    if not form.validate():
        return _new(form), 422
    row = use_cases.start(
        session(), form.plan(teachers), created_by=signed_in().account_id, today=today(), now=now()
    )
    return redirect(url_for("school.campaign", campaign_id=row.id))


@bp.get(CAMPAIGN)
@requires(Permission.CONVENTION_READ)
def campaign(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Show where each pupil of a campaign stands, the unplaced first, and what keeps drafts back."""
    return _page(campaign_id)


def _page(campaign_id: uuid.UUID, correcting: CorrectionForm | None = None) -> str:
    row = queries.get(session(), campaign_id)
    found = queries.lines(session(), campaign_id)
    return render_template(
        "portals/school/campaign.html",
        campaign=row,
        lines=found,
        groups={name: [line for line in found if line.group == name] for name in GROUPS},
        reasons=queries.reasons(found),
        newcomers=queries.newcomers(session(), row, found),
        signers=signing.signers_of(session(), [line.request_id for line in found if line.request_id]),
        correcting=correcting or unsent(CorrectionForm, people.referents(session())),
        day=today(),
    )


def _not_corrected(error: DomainError, campaign_id: uuid.UUID) -> str:
    form = CorrectionForm(people.referents(session()))
    form.refuse(error)
    return _page(campaign_id, form)


@bp.post(f"{CAMPAIGN}/corriger")
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_corrected)
def correct_campaign(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Give the ticked drafts what the form holds."""
    form = CorrectionForm(people.referents(session()))
    if not form.validate():
        return _page(campaign_id, form), 422
    known = {line.id for line in queries.lines(session(), campaign_id)}
    chosen = [each for each in form.chosen() if each in known]
    number = use_cases.correct(session(), chosen, form.correction(), signed_in().account_id)
    flash(f"{counted(number, 'brouillon corrigé', 'brouillons corrigés')}.")
    return redirect(url_for("school.campaign", campaign_id=campaign_id))


@bp.post(f"{CAMPAIGN}/verifier")
@requires(Permission.CONVENTION_WRITE)
def check_campaign(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Reckon anew what keeps the drafts back."""
    queries.get(session(), campaign_id)
    use_cases.check_again(session(), campaign_id)
    flash("Les brouillons sont vérifiés à nouveau.")
    return redirect(url_for("school.campaign", campaign_id=campaign_id))


@bp.post(f"{CAMPAIGN}/completer")
@requires(Permission.CONVENTION_WRITE)
def complete_campaign(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Open a draft for each pupil who came into the class since."""
    row = queries.get(session(), campaign_id)
    pupils = queries.newcomers(session(), row, queries.lines(session(), campaign_id))
    use_cases.add(session(), row, pupils, created_by=signed_in().account_id, now=now())
    flash(f"{counted(len(pupils), 'brouillon ouvert', 'brouillons ouverts')}.")
    return redirect(url_for("school.campaign", campaign_id=campaign_id))


def _not_sent(error: DomainError, campaign_id: uuid.UUID) -> str:
    return _not_corrected(error, campaign_id)


@bp.post(f"{CAMPAIGN}/envoyer")
@requires(Permission.CONVENTION_SEND)
@or_show(_not_sent)
def send_campaign(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Send the ticked drafts of a campaign; the worker sends, and the next page shows the progress."""
    form = ChosenForm()
    known = {line.id for line in queries.lines(session(), queries.get(session(), campaign_id).id)}
    sending = sendings.open_sending(
        session(),
        signed_in().account_id,
        [each for each in form.chosen() if each in known],
        campaign_id=campaign_id,
        on_paper=form.on_paper.data,
        now=now(),
    )
    return redirect(url_for("school.sending_progress", sending_id=sending.id))


@bp.get("/<uai>/envois/<uuid:sending_id>")
@requires(Permission.CONVENTION_SEND)
def sending_progress(sending_id: uuid.UUID) -> ResponseReturnValue:
    """Show how many of the chosen conventions have left; the page reloads itself until the end."""
    sending = queries.sending_of(session(), sending_id, signed_in().account_id)
    stuck = sendings.stuck(session(), sending)
    states = [item.state for item in sending.items]
    return render_template(
        "portals/school/sending.html",
        sending=sending,
        sent=states.count(SendingState.SENT),
        left=[item for item in sending.items if item.state == SendingState.LEFT],
        stuck=stuck,
        going_on=states.count(SendingState.WAITING) > len(stuck),
    )
