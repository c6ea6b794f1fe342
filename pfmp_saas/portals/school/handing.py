"""Copies to print and to hand over to those who signed on paper and have no address."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals.context import now, session, signed_in
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.paper import REQUEST, home
from pfmp_saas.signing import handing, queries


@bp.get("/<uai>/exemplaires")
@requires(Permission.CONVENTION_WRITE)
def copies_owed() -> ResponseReturnValue:
    """List who is owed a copy on paper."""
    rows = handing.owed(session())
    homes = {row.request_id: home(row.request) for row in rows}
    return render_template("portals/school/handing.html", rows=rows, homes=homes)


@bp.get(f"{REQUEST}/signe.pdf")
@requires(Permission.CONVENTION_READ)
def signed_document(signature_request_id: uuid.UUID) -> ResponseReturnValue:
    """Give the document with its signatures, to be printed."""
    return shown_file(queries.document(session(), queries.get(session(), signature_request_id)), "signe.pdf")


@bp.post("/<uai>/exemplaires/<uuid:signer_id>")
@requires(Permission.CONVENTION_WRITE)
def hand_over_copy(signer_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a copy was handed over."""
    row = handing.hand_over(session(), signer_id, signed_in().account_id, now())
    flash(f"L’exemplaire de {row.name} est noté comme remis.")
    return redirect(url_for("school.copies_owed"))
