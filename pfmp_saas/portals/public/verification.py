"""The public verification page: who signed a PDF or a proof bundle, and whether a byte changed since."""

from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.fields import Upload
from pfmp_saas.core.forms import Form
from pfmp_saas.core.permissions import public
from pfmp_saas.evidence.bundle.standalone import standalone
from pfmp_saas.evidence.verify.report import ReaderInput, Report
from pfmp_saas.evidence.verify.verdict import is_ours_to_judge, judge_file
from pfmp_saas.portals.context import now, settings
from pfmp_saas.portals.files import attached_file
from pfmp_saas.portals.limits import limiter
from pfmp_saas.portals.refusals import or_show

bp = Blueprint("verification", __name__)
WHY = "anyone may verify a document"


class FileForm(Form):
    """The file to verify."""

    pdf = Upload(
        "PDF final ou paquet de preuve (20 Mo au plus)",
        description="Le fichier est lu puis oublié.",
        render_kw={"accept": "application/pdf,application/zip,.zip"},
    )


@bp.get("/verifier")
@public(WHY)
def form() -> ResponseReturnValue:
    """Show the form that takes a file."""
    return _page(FileForm(formdata=None))


def _not_verified(error: DomainError) -> str:
    asked = FileForm()
    asked.refuse(error)
    return _page(asked)


def _page(asked: FileForm, report: Report | None = None) -> str:
    return render_template("portals/public/verify.html", form=asked, report=report)


@bp.post("/verifier")
@public(WHY)
@limiter.limit("20 per minute")
@or_show(_not_verified)
def verify() -> ResponseReturnValue:
    """Verify the file without storing it."""
    return _page(FileForm(formdata=None), _report(_uploaded(FileForm())))


@bp.get("/verifier/verifier.py")
@public(WHY)
def tool() -> ResponseReturnValue:
    """Send the standalone verifier, for those who would not trust this page."""
    return attached_file(standalone().encode(), "verifier.py", "text/x-python")


@bp.get("/verifier/racine.pem")
@public(WHY)
def root() -> ResponseReturnValue:
    """Give the platform's root certificate."""
    certificates = _pem(settings().trust_root)
    if not certificates:
        raise NotFound
    return attached_file(certificates[0], "racine.pem", "application/x-pem-file")


def _uploaded(sent: FileForm) -> bytes:
    """Return the file's bytes, judged by content and not by name. Raises DomainError."""
    content: bytes = sent.pdf.data or b""
    if not content:
        raise DomainError("Choisissez un PDF ou un paquet de preuve à vérifier.", field="pdf")
    if not is_ours_to_judge(content):
        raise DomainError(
            "Ce fichier n’est pas un PDF ni un paquet de preuve. Choisissez le fichier reçu par courriel.",
            field="pdf",
        )
    return content


def _report(content: bytes) -> Report:
    service = settings()
    return judge_file(
        content, ReaderInput(now(), trust=_pem(service.trust_root), authorities=_pem(service.tsa_trust))
    )


def _pem(path: Path | None) -> tuple[bytes, ...]:
    return (path.read_bytes(),) if path else ()
