"""The documents to sign read one after the other, by keyboard: each shown whole, then signed, passed, or sent back."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import unsent
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, settings, signed_in
from pfmp_saas.portals.public.essentials import essentials
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.signing import queries, texts, use_cases
from pfmp_saas.signing.batches import own
from pfmp_saas.signing.forms import RefusalForm, SignForm
from pfmp_saas.signing.models import Signer

READ = "/<uai>/a-signer/<uuid:signer_id>/lire"


@bp.get(READ)
@requires(Permission.SIGN_OWN)
def read_to_sign(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Show one document that awaits, with its place among the others; lead to the list when it awaits no more."""
    signer = own(session(), signer_id, signed_in().email)
    rest = _waiting()
    if signer.id not in rest:
        return redirect(url_for("school.to_sign"))
    return _page(signer, unsent(SignForm), unsent(RefusalForm), rest)


def _waiting() -> list[uuid.UUID]:
    """Return what awaits the signed-in person, in the order of the list."""
    return [each.id for each in queries.awaiting(session(), signed_in().email)]


def _page(
    signer: Signer, signing: SignForm, refusing: RefusalForm, rest: list[uuid.UUID] | None = None
) -> str:
    waiting = _waiting() if rest is None else rest
    place = waiting.index(signer.id) if signer.id in waiting else 0
    return render_template(
        "portals/school/reading.html",
        signer=signer,
        facts=essentials(session(), signer.request),
        signing=signing,
        refusing=refusing,
        place_of=place + 1,
        number=len(waiting),
        before=waiting[place - 1] if place else None,
        after=waiting[place + 1] if place + 1 < len(waiting) else None,
    )


def _not_signed(error: DomainError, signer_id: uuid.UUID) -> str:
    form = SignForm()
    form.refuse(error)
    return _page(own(session(), signer_id, signed_in().email), form, unsent(RefusalForm))


@bp.post(READ)
@requires(Permission.SIGN_OWN)
@or_show(_not_signed)
def sign_read(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Sign the document that was read, and go on to the next."""
    signer, form, after = own(session(), signer_id, signed_in().email), SignForm(), _next(signer_id)
    use_cases.sign(
        session(),
        signer.id,
        shown_hash=form.shown_hash.data or "",
        consent=form.consent.data,
        consent_text=texts.CONSENT,
        authentication=texts.BY_ACCOUNT,
        kek=settings().key_encryption_key,
        now=now(),
    )
    return _on(after, f"Signé : {signer.request.title}")


def _next(signer_id: uuid.UUID) -> uuid.UUID | None:
    """Return what follows a document in the list: the one after it, else the first of the others."""
    waiting = _waiting()
    place = waiting.index(signer_id) if signer_id in waiting else -1
    others = [*waiting[place + 1 :], *waiting[: max(place, 0)]]
    return others[0] if others else None


def _on(after: uuid.UUID | None, said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("school.read_to_sign", signer_id=after) if after else url_for("school.to_sign"))


def _not_refused(error: DomainError, signer_id: uuid.UUID) -> str:
    form = RefusalForm()
    form.refuse(error)
    return _page(own(session(), signer_id, signed_in().email), unsent(SignForm), form)


@bp.post(f"{READ}/refuser")
@requires(Permission.SIGN_OWN)
@or_show(_not_refused)
def refuse_read(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Refuse the document with a reason that the office reads, and go on to the next."""
    signer, after = own(session(), signer_id, signed_in().email), _next(signer_id)
    reason = RefusalForm().reason.data or ""
    use_cases.refuse(session(), signer.id, reason=reason, authentication=texts.BY_ACCOUNT, now=now())
    return _on(after, f"Refusé, le bureau lit votre motif : {signer.request.title}")
