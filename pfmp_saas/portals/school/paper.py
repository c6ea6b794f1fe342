"""Signatures given on paper: the frozen document to print, then the page where the office says who signed it."""

import uuid
from contextlib import suppress

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import my_name, now, place, session, settings, signed_in
from pfmp_saas.portals.files import attached_file, shown_file
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.typed_fields import typed_day, uploaded
from pfmp_saas.signing import paper, queries
from pfmp_saas.signing.errors import RemindedToday
from pfmp_saas.signing.links import remind
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, Signer
from pfmp_saas.signing.texts import CONSENT_PAPER

REQUEST = "/<uai>/signatures/<uuid:signature_request_id>"
NOBODY = "Choisissez qui a signé sur papier."


@bp.get(f"{REQUEST}/a-imprimer.pdf")
@requires(Permission.CONVENTION_READ)
def printable(signature_request_id: uuid.UUID) -> ResponseReturnValue:
    """Give the document as it was frozen, to be printed and signed by hand."""
    signature_request = queries.get(session(), signature_request_id)
    return shown_file(queries.frozen_document(session(), signature_request), "a-imprimer.pdf")


@bp.post(f"{REQUEST}/relancer")
@requires(Permission.CONVENTION_SEND)
def remind_signers(signature_request_id: uuid.UUID) -> ResponseReturnValue:
    """Mail a fresh link to everyone who has not answered."""
    signature_request = queries.get(session(), signature_request_id)
    waiting = queries.reachable(session(), signature_request) if signature_request.state == "open" else []
    left = 0
    for signer in waiting:
        with suppress(RemindedToday):
            remind(session(), signer.id, settings().base_url, now())
            left += 1
    flash(_told(len(waiting), left))
    return redirect(_home(signature_request))


def _told(waiting: int, left: int) -> str:
    if not waiting:
        return "Personne n’est à relancer."
    already = f" {waiting - left} personne(s) l’ont été depuis moins d’un jour." if left < waiting else ""
    return f"{left} rappel(s) envoyé(s).{already}"


@bp.get(f"{REQUEST}/papier")
@requires(Permission.CONVENTION_WRITE)
def on_paper(signature_request_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form of a paper signature, for the signers who have not signed yet."""
    return _page(queries.get(session(), signature_request_id))


def _not_vouched(error: DomainError, signature_request_id: uuid.UUID) -> str:
    signature_request = queries.get(session(), signature_request_id)
    session().refresh(signature_request)
    return _page(signature_request, error)


@bp.post(f"{REQUEST}/papier")
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_vouched)
def vouch(signature_request_id: uuid.UUID) -> ResponseReturnValue:
    """Record a paper signature: the person signed in vouches for having seen the original."""
    signature_request = queries.get(session(), signature_request_id)
    row = _vouch(_chosen(signature_request))
    flash(f"La signature sur papier de {row.signer.name} est enregistrée. Gardez l’original.")
    return redirect(url_for("school.on_paper", signature_request_id=signature_request.id))


@bp.get(f"{REQUEST}/papier/<uuid:paper_signature_id>")
@requires(Permission.CONVENTION_READ)
def scan(signature_request_id: uuid.UUID, paper_signature_id: uuid.UUID) -> ResponseReturnValue:
    """Give the scan of a paper signature, never to be shown inside a page."""
    file = paper.scan_of(session(), queries.get(session(), signature_request_id), paper_signature_id)
    return attached_file(file.content, file.name, file.media_type)


def _home(signature_request: SignatureRequest) -> str:
    """Return the address of the signed document's own page."""
    if signature_request.subject_kind == "amendment":
        return url_for("school.amendment", amendment_id=signature_request.subject_id)
    if signature_request.subject_kind == "convention":
        return url_for("school.convention", convention_id=signature_request.subject_id)
    return url_for("school.followup")


def _chosen(signature_request: SignatureRequest) -> Signer:
    typed_id = request.form.get("signer", "")
    signer = next(
        (candidate for candidate in signature_request.signers if str(candidate.id) == typed_id), None
    )
    if signer is None:
        if typed_id:
            raise NotFound
        raise DomainError(NOBODY, field="signer")
    return signer


def _vouch(signer: Signer) -> PaperSignature:
    return paper.vouch(
        session(),
        signer.id,
        voucher=_voucher(),
        shown_hash=request.form.get("shown_hash", ""),
        signed_on=typed_day("signed_on"),
        scan=uploaded("scan"),
        consent=request.form.get("consent") == "yes",
        kek=settings().key_encryption_key,
        now=now(),
    )


def _voucher() -> paper.Voucher:
    return paper.Voucher(signed_in().account_id, my_name(), signed_in().email, place().roles)


def _page(signature_request: SignatureRequest, error: DomainError | None = None) -> str:
    voucher = _voucher()
    waiting = queries.unsigned(session(), signature_request) if signature_request.state == "open" else []
    return render_template(
        "portals/school/paper.html",
        signing=signature_request,
        home=_home(signature_request),
        waiting=[(signer, paper.may_vouch(signer, voucher)) for signer in waiting],
        chosen=request.form.get("signer") or request.args.get("signataire", ""),
        signed_on=request.form.get("signed_on", ""),
        voucher=voucher,
        consent=CONSENT_PAPER,
        error=error,
    )
