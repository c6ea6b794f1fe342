"""The board of the school's conventions: filters, pages both ways, several sent or reminded in one act, exports."""

import uuid
from contextlib import suppress

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.accounts import queries as people
from pfmp_saas.campaigns import sendings
from pfmp_saas.campaigns.forms import ChosenForm
from pfmp_saas.conventions import board as conventions
from pfmp_saas.conventions import queries
from pfmp_saas.conventions.board import BY_DAY, BY_NUMBER, Asked
from pfmp_saas.conventions.retention import discard
from pfmp_saas.conventions.states import LABELS
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, settings, signed_in, today
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
        order=BY_DAY if given.get("tri") == BY_DAY else BY_NUMBER,
        beside=after or before,
        back=before is not None and after is None,
    )


def _kept(asked: Asked) -> dict[str, str | None]:
    """Return what the addresses of the board's links keep of what was asked."""
    return {
        "etat": asked.state,
        "classe": asked.class_name,
        "referent": asked.referent,
        "q": asked.search,
        "presse": "1" if asked.pressing else None,
        "tri": asked.order if asked.order != BY_NUMBER else None,
    }


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
    return redirect(request.referrer if _ours(request.referrer) else url_for("school.dashboard"))


def _ours(address: str | None) -> bool:
    return bool(address) and str(address).startswith(request.host_url)


@bp.post(f"{CONVENTION}/supprimer")
@requires(Permission.CONVENTION_WRITE)
def discard_draft(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    row = discard(session(), convention_id, now())
    flash(f"Le brouillon {row.number} est supprimé.")
    return redirect(url_for("school.dashboard"))
