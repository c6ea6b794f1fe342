"""The documents that the signed-in person has to sign – a head has three hundred conventions – signed together."""

import uuid
from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions.board import Named, named
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.signing import batches, queries
from pfmp_saas.signing.forms import BatchForm
from pfmp_saas.signing.models import Signer
from pfmp_saas.signing.states import BatchItemState


@bp.get("/<uai>/a-signer")
@requires(Permission.SIGN_OWN)
def to_sign() -> ResponseReturnValue:
    """List the documents that the signed-in person has to sign, class by class.

    ``?tout=1`` ticks them all without a script, ``?tout=1MV2`` those of a class.
    """
    return _page(BatchForm(), ticked=request.args.get("tout"))


def _not_opened(error: DomainError) -> str:
    form = BatchForm()
    form.refuse(error)
    return _page(form)


@bp.post("/<uai>/a-signer")
@requires(Permission.SIGN_OWN)
@or_show(_not_opened)
def sign_selected() -> ResponseReturnValue:
    """Record the chosen documents; the worker signs them, and the next page shows the progress."""
    form = BatchForm()
    batch = batches.open_batch(
        session(), signed_in().account_id, form.chosen(), consent=form.consent.data, now=now()
    )
    return redirect(url_for("school.signing_progress", signing_batch_id=batch.id))


@bp.get("/<uai>/a-signer/lot/<uuid:signing_batch_id>")
@requires(Permission.SIGN_OWN)
def signing_progress(signing_batch_id: uuid.UUID) -> ResponseReturnValue:
    """Show how many of the chosen documents are signed; the page reloads itself until the end."""
    batch = batches.batch_of(session(), signing_batch_id, signed_in().account_id)
    done = [item for item in batch.items if item.state != BatchItemState.WAITING]
    skipped = [item for item in done if item.state == BatchItemState.SKIPPED]
    stuck = batches.stuck(session(), batch)
    return render_template(
        "portals/school/progress.html", batch=batch, done=len(done), skipped=skipped, stuck=stuck
    )


@bp.get("/<uai>/a-signer/<uuid:signer_id>.pdf")
@requires(Permission.SIGN_OWN)
def to_sign_document(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Give one of the documents to read before signing."""
    signer = batches.own(session(), signer_id, signed_in().email)
    return shown_file(queries.document(session(), signer.request), "document.pdf")


def _page(form: BatchForm, *, ticked: str | None = None) -> str:
    signers = queries.awaiting(session(), signed_in().email)
    about = named(session(), [signer.request.subject_id for signer in signers])
    return render_template(
        "portals/school/to_sign.html",
        signers=signers,
        classes=_by_class(signers, about),
        about=about,
        ticked=ticked,
        form=form,
    )


def _by_class(signers: list[Signer], about: Mapping[uuid.UUID, Named]) -> dict[str, list[Signer]]:
    """Return the signatures to give by class, and under "" those of amendments and attestations."""
    found: dict[str, list[Signer]] = {}
    for signer in signers:
        of = about.get(signer.request.subject_id)
        found.setdefault(of.class_name if of else "", []).append(signer)
    return dict(sorted(found.items(), key=lambda each: (not each[0], each[0])))
