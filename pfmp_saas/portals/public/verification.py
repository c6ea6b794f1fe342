"""The public verification page: drop a PDF, read who signed what, and whether a byte changed since."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.permissions import public
from pfmp_saas.evidence.verify import Report, verify_pdf
from pfmp_saas.portals.context import now, settings
from pfmp_saas.portals.limits import limiter

bp = Blueprint("verification", __name__)
WHY = "anyone may verify a document"


@bp.get("/verifier")
@public(WHY)
def form() -> ResponseReturnValue:
    """Show where to drop a PDF."""
    return render_template("portals/public/verify.html")


@bp.post("/verifier")
@public(WHY)
@limiter.limit("20 per minute")
def verify() -> ResponseReturnValue:
    """Verify the PDF, and keep nothing of it."""
    try:
        report = _report(_uploaded())
    except DomainError as error:
        return render_template("portals/public/verify.html", error=error.message), error.status
    return render_template("portals/public/verify.html", report=report)


def _uploaded() -> bytes:
    """Return the file's bytes, judged by content and not by name. Raises DomainError."""
    upload = request.files.get("pdf")
    content = upload.read() if upload else b""
    if not content:
        raise DomainError("Choisissez un fichier PDF à vérifier.", field="pdf")
    if not content.startswith(b"%PDF-"):
        raise DomainError("Ce fichier n’est pas un PDF. Choisissez le PDF reçu par courriel.", field="pdf")
    return content


def _report(content: bytes) -> Report:
    path = settings().trust_root
    roots = (path.read_bytes(),) if path else ()
    return verify_pdf(content, trust=roots, now=now())
