"""Failed work, tried again by the office: one piece, or all."""

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import session
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.workflows import failures


@bp.post("/<uai>/suivi/courriels/<uuid:outgoing_mail_id>")
@requires(Permission.CONVENTION_WRITE)
def send_again(outgoing_mail_id: uuid.UUID) -> ResponseReturnValue:
    """Put a failed mail back in the queue."""
    failures.try_again(session(), "mail", outgoing_mail_id)
    return _back("Le courriel repart.")


@bp.post("/<uai>/suivi/taches/<uuid:due_item_id>")
@requires(Permission.CONVENTION_WRITE)
def do_again(due_item_id: uuid.UUID) -> ResponseReturnValue:
    """Try a failed due thing again."""
    failures.try_again(session(), "due", due_item_id)
    return _back("La tâche repart.")


@bp.post("/<uai>/suivi/suites/<uuid:outbox_event_id>")
@requires(Permission.CONVENTION_WRITE)
def follow_again(outbox_event_id: uuid.UUID) -> ResponseReturnValue:
    """Try the reactions to an event again."""
    failures.try_again(session(), "event", outbox_event_id)
    return _back("La tâche repart.")


@bp.post("/<uai>/suivi/tout")
@requires(Permission.CONVENTION_WRITE)
def all_again() -> ResponseReturnValue:
    """Try every failed piece of work again."""
    failures.try_all_again(session())
    return _back("Tout repart.")


def _back(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("school.followup"))
