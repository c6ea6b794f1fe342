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
from pfmp_saas.signing import paper, queries
from pfmp_saas.signing.errors import RemindedToday
from pfmp_saas.signing.forms import NOBODY, PaperForm
from pfmp_saas.signing.links import remind
from pfmp_saas.signing.models import PaperSignature, SignatureRequest, Signer

REQUEST = "/<uai>/signatures/<uuid:signature_request_id>"


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
    return redirect(home(signature_request))


def _told(waiting: int, left: int) -> str:
    if not waiting:
        return "Personne n’est à relancer."
    already = f" {waiting - left} personne(s) l’ont été depuis moins d’un jour." if left < waiting else ""
    return f"{left} rappel(s) envoyé(s).{already}"


@bp.get(f"{REQUEST}/papier")
@requires(Permission.CONVENTION_WRITE)
def on_paper(signature_request_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form of a paper signature, for the signers who have not signed yet."""
    signature_request = queries.get(session(), signature_request_id)
    return _page(signature_request, _form(signature_request))


def _not_vouched(error: DomainError, signature_request_id: uuid.UUID) -> str:
    signature_request = queries.get(session(), signature_request_id)
    session().refresh(signature_request)
    form = _form(signature_request)
    form.refuse(error)
    return _page(signature_request, form)


@bp.post(f"{REQUEST}/papier")
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_vouched)
def vouch(signature_request_id: uuid.UUID) -> ResponseReturnValue:
    """Record the paper signatures of one scan, all or none: the person signed in vouches for having seen the original."""
    signature_request = queries.get(session(), signature_request_id)
    form = _form(signature_request)
    chosen = _chosen(signature_request, form)
    if not form.validate_on_submit():
        return _page(signature_request, form), 422
    names = [_vouch(signer, form).signer.name for signer in chosen]
    if len(names) == 1:
        flash(f"La signature sur papier de {names[0]} est enregistrée. Gardez l’original.")
    else:
        flash(f"Les signatures sur papier de {', '.join(names)} sont enregistrées. Gardez l’original.")
    return redirect(url_for("school.on_paper", signature_request_id=signature_request.id))


@bp.get(f"{REQUEST}/papier/<uuid:paper_signature_id>")
@requires(Permission.CONVENTION_READ)
def scan(signature_request_id: uuid.UUID, paper_signature_id: uuid.UUID) -> ResponseReturnValue:
    """Give the scan of a paper signature, never to be shown inside a page."""
    file = paper.scan_of(session(), queries.get(session(), signature_request_id), paper_signature_id)
    return attached_file(file.content, file.name, file.media_type)


def home(signature_request: SignatureRequest) -> str:
    """Return the address of the signed document's own page."""
    if signature_request.subject_kind == "amendment":
        return url_for("school.amendment", amendment_id=signature_request.subject_id)
    if signature_request.subject_kind == "convention":
        return url_for("school.convention", convention_id=signature_request.subject_id)
    return url_for("school.followup")


def _chosen(signature_request: SignatureRequest, form: PaperForm) -> list[Signer]:
    """Return the signers of one paper; a document signed by hand by several is one scan."""
    typed = {each for each in form.signer.raw_data or () if each}
    known = {str(each.id): each for each in signature_request.signers}
    if not typed:
        raise DomainError(NOBODY, field="signer")
    if typed - set(known):
        raise NotFound
    return [signer for identifier, signer in known.items() if identifier in typed]


def _vouch(signer: Signer, form: PaperForm) -> PaperSignature:
    return paper.vouch(
        session(),
        signer.id,
        voucher=_voucher(),
        shown_hash=form.shown_hash.data or "",
        signed_on=form.signed_on.data,
        scan=form.scan.data or b"",
        consent=form.consent.data,
        kek=settings().key_encryption_key,
        now=now(),
    )


def _voucher() -> paper.Voucher:
    return paper.Voucher(signed_in().account_id, my_name(), signed_in().email, place().roles)


def _awaited(signature_request: SignatureRequest) -> list[Signer]:
    return queries.unsigned(session(), signature_request) if signature_request.state == "open" else []


def _form(signature_request: SignatureRequest) -> PaperForm:
    first = {"signer": request.args.get("signataire"), "shown_hash": signature_request.frozen_hash}
    return PaperForm(_awaited(signature_request), data=first)


def _page(signature_request: SignatureRequest, form: PaperForm) -> str:
    voucher = _voucher()
    return render_template(
        "portals/school/paper.html",
        signing=signature_request,
        home=home(signature_request),
        waiting=[(signer, paper.may_vouch(signer, voucher)) for signer in _awaited(signature_request)],
        voucher=voucher,
        form=form,
    )
