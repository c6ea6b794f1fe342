"""The board of the school's conventions: filters, pages both ways, several sent or reminded in one act, exports."""

import uuid
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import queries as people
from pfmp_saas.campaigns import sendings
from pfmp_saas.campaigns.forms import ChosenForm
from pfmp_saas.conventions import board as conventions
from pfmp_saas.conventions import habits, queries, use_cases
from pfmp_saas.conventions.board import BY_DAY, BY_NUMBER, Asked
from pfmp_saas.conventions.forms import FilterForm
from pfmp_saas.conventions.retention import discard
from pfmp_saas.conventions.states import LABELS, ConventionState
from pfmp_saas.core.errors import Conflict, DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.archives import archive_of
from pfmp_saas.portals.context import acting_as, now, session, settings, signed_in, today
from pfmp_saas.portals.filters import counted
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.sheets import KINDS, sheet
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.errors import RemindedToday
from pfmp_saas.signing.links import remind
from pfmp_saas.signing.states import RequestState


@bp.get("/<uai>/conventions")
@requires(Permission.CONVENTION_READ)
def dashboard() -> ResponseReturnValue:
    """List the conventions, with a search, filters, and what can be done with several."""
    return _board()


def _board(refused: DomainError | None = None) -> str:
    asked = _asked()
    found = conventions.page(session(), asked, today())
    return render_template(
        "portals/school/dashboard.html",
        asked=asked,
        found=found,
        rows=found.rows,
        states=LABELS,
        counts_by_state=conventions.counts(session(), asked, today()),
        classes=conventions.classes(session()),
        referents=people.referents(session()),
        signers=signing.signers_of(session(), [row.request_id for row in found.rows if row.request_id]),
        kept=_kept(asked),
        kept_here=_lasting(asked),
        habit=habits.visit(session(), signed_in().account_id, now()),
        refused=refused,
        ticked=request.form.getlist("convention"),
        day=today(),
    )


def _asked() -> Asked:
    given = request.args
    before, after = (given.get(name, type=uuid.UUID) for name in ("avant", "apres"))
    return Asked(
        state=given.get("etat") if given.get("etat") in LABELS else None,
        class_name=given.get("classe") or None,
        referent=given.get("referent") or None,
        search=given.get("q") or None,
        pressing=given.get("presse") == "1",
        since=_instant(given.get("depuis")),
        order=BY_DAY if given.get("tri") == BY_DAY else BY_NUMBER,
        beside=after or before,
        back=before is not None and after is None,
    )


def _instant(text: str | None) -> datetime | None:
    """Return an instant of the address; None for none and for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def _kept(asked: Asked) -> dict[str, str | None]:
    """Return what the addresses of the board's links keep of what was asked."""
    return {
        "etat": asked.state,
        "classe": asked.class_name,
        "referent": asked.referent,
        "q": asked.search,
        "presse": "1" if asked.pressing else None,
        "depuis": asked.since.isoformat() if asked.since else None,
        "tri": asked.order if asked.order != BY_NUMBER else None,
    }


def _lasting(asked: Asked) -> dict[str, str]:
    """Return what of a filter may be kept under a name: all but the instant of one's last visit."""
    return {name: value for name, value in _kept(asked).items() if value and name != "depuis"}


@bp.get("/<uai>/conventions/liste.<kind>")
@requires(Permission.CONVENTION_READ)
def export_conventions(kind: str) -> ResponseReturnValue:
    """Give the conventions of what is asked as a CSV or a workbook."""
    if kind not in KINDS:
        raise NotFound
    rows = conventions.exported(session(), _asked(), today())
    named = ((row[0], LABELS.get(row[1], row[1]), *row[2:]) for row in rows)
    return sheet(kind, f"conventions-{today():%Y-%m-%d}", conventions.HEADINGS, named)


@bp.post("/<uai>/conventions/envoyer")
@requires(Permission.CONVENTION_SEND)
@or_show(_board)
def send_chosen() -> ResponseReturnValue:
    """Send the ticked drafts; the worker sends, and the next page shows the progress."""
    form = ChosenForm()
    sending = sendings.open_sending(
        session(),
        signed_in().account_id,
        form.chosen(),
        campaign_id=None,
        on_paper=form.on_paper.data,
        now=now(),
    )
    return redirect(url_for("school.sending_progress", sending_id=sending.id))


@bp.post("/<uai>/conventions/relancer")
@requires(Permission.CONVENTION_SEND)
def remind_chosen() -> ResponseReturnValue:
    """Mail a fresh link to everyone whose signature the ticked conventions await, once a day a person."""
    rows = queries.by_id(session(), ChosenForm().chosen())
    left = 0
    for found in signing.by_id(session(), [row.request_id for row in rows.values() if row.request_id]):
        for signer in signing.reachable(session(), found) if found.state == RequestState.OPEN else ():
            with suppress(RemindedToday):
                remind(session(), signer.id, settings().base_url, now())
                left += 1
    flash(
        f"{counted(left, 'rappel part', 'rappels partent')} ; une personne n’en reçoit qu’un par jour et par document."
    )
    return redirect(_back())


@bp.post("/<uai>/conventions/retirer")
@requires(Permission.CONVENTION_SEND)
def withdraw_chosen() -> ResponseReturnValue:
    """Take the ticked conventions back from signature; those that are not in signature stay as they are."""
    chosen, left = queries.by_id(session(), ChosenForm().chosen()), 0
    for row in chosen.values():
        if row.state == ConventionState.SENT:
            with suppress(Conflict):
                use_cases.withdraw(session(), row.id, acting_as("establishment"), now())
                left += 1
    flash(f"{counted(left, 'convention retirée', 'conventions retirées')} de la signature.")
    return redirect(_back())


@bp.post("/<uai>/conventions/documents.zip")
@requires(Permission.CONVENTION_READ)
def documents_chosen() -> ResponseReturnValue:
    """Give the documents of the ticked conventions in one archive, to print or to keep."""
    return archive_of(ChosenForm().chosen(), f"Conventions {today():%Y-%m-%d}")


@bp.post("/<uai>/conventions/filtres")
@requires(Permission.CONVENTION_READ)
def keep_filter() -> ResponseReturnValue:
    """Keep what the page asks under a name of one's own."""
    form, asked = FilterForm(), _lasting(_asked())
    if form.validate():
        habits.keep(session(), signed_in().account_id, form.name.data or "", asked, now())
        flash(f"Le filtre « {form.name.data} » est gardé.")
    else:
        flash(form.name.errors[0])
    return redirect(url_for("school.dashboard", **dict[str, Any](asked)))


@bp.post("/<uai>/conventions/filtres/oublier")
@requires(Permission.CONVENTION_READ)
def drop_filter() -> ResponseReturnValue:
    """Forget one of one's filters."""
    habits.drop(session(), signed_in().account_id, FilterForm().name.data or "")
    return redirect(url_for("school.dashboard"))


def _back() -> str:
    referrer = request.referrer
    return str(referrer) if _ours(referrer) else url_for("school.dashboard")


def _ours(address: str | None) -> bool:
    return bool(address) and str(address).startswith(request.host_url)


@bp.post(f"{CONVENTION}/supprimer")
@requires(Permission.CONVENTION_WRITE)
def discard_draft(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    row = discard(session(), convention_id, now())
    flash(f"Le brouillon {row.number} est supprimé.")
    return redirect(url_for("school.dashboard"))
