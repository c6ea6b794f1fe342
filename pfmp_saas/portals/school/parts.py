"""What stands beside the articles of the school's draft: letterhead, signing order, checks, own fields, questionnaire."""

import base64
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.unit_of_work import attempt
from pfmp_saas.documents.images import InvalidImage, checked_logo
from pfmp_saas.portals.context import session
from pfmp_saas.portals.files import shown_file
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.portals.school.revisions import ONE, PARTS
from pfmp_saas.types.model import OwnField, Question
from pfmp_saas.types.revisions import edits, use_cases
from pfmp_saas.types.revisions.bases import base_of
from pfmp_saas.types.revisions.file import read
from pfmp_saas.types.revisions.models import TypeRevision

MOST_LINES, LONGEST_LINE = 6, 80
SPARE_ROWS = 3
KINDS = {"text": "texte", "date": "date", "number": "nombre", "money": "montant en euros"}
ANSWERS = {"scale": "échelle", "text": "réponse libre"}
WARNINGS = {
    "waiting-period": "Délai de carence entre deux stagiaires (L. 124-11)",
    "annex-required": "Formation à la conduite, habilitation électrique, contrat d’assistance à l’étranger",
    "mention-missing": "Date de la délibération, numéro UAI, présence de nuit, le dimanche ou un jour férié, période hors temps scolaire",
    "duration-max": "Nombre de séquences du cycle, moitié des congés avant seize ans",
    "regulated-work-age": "Port de charges avant quinze ans",
    "regulated-work-forbidden": "Niveau ou catégorie de travaux réglementés à préciser",
    "medical-opinion-missing": "Aptitude au port de charges ancienne",
}
"""The checks that may warn without stopping: what the law blocks already cannot be set lower."""


@bp.get(f"{ONE}/<section>")
@requires(Permission.CONVENTION_WRITE)
def part(type_revision_id: uuid.UUID, section: str) -> ResponseReturnValue:
    """Show the form of one section."""
    return _page(use_cases.get(session(), type_revision_id), section, None)


def _page(row: TypeRevision, section: str, error: str | None) -> str:
    if section not in PARTS:
        raise NotFound
    content = read(row.content)
    base = base_of(session(), content.base_digest)
    return render_template(
        "portals/school/type_part.html",
        row=row,
        section=section,
        title=PARTS[section],
        content=content,
        signers=sorted(base.signers, key=lambda each: _rank(each.name, each.rank, content.signing_order)),
        warnings=WARNINGS,
        kinds=KINDS,
        answers=ANSWERS,
        spare=SPARE_ROWS,
        typed=request.form,
        error=error,
    )


def _rank(name: str, rank: int, order: tuple[str, ...]) -> int:
    return order.index(name) + 1 if order else rank


@bp.get(f"{ONE}/logo.png")
@requires(Permission.CONVENTION_READ)
def logo(type_revision_id: uuid.UUID) -> ResponseReturnValue:
    """Give the logo of a revision."""
    kept = read(use_cases.get(session(), type_revision_id).content).logo
    if not kept:
        raise NotFound
    return shown_file(base64.b64decode(kept), "logo.png", "image/png")


@bp.post(f"{ONE}/<section>")
@requires(Permission.CONVENTION_WRITE)
def save_part(type_revision_id: uuid.UUID, section: str) -> ResponseReturnValue:
    """Save one section, or say beside its form what is wrong; what was typed stays there."""
    row = use_cases.get(session(), type_revision_id)
    if section not in PARTS:
        raise NotFound
    try:
        with attempt(session()):
            use_cases.change(session(), row.id, _READERS[section]())
    except (DomainError, InvalidImage) as error:
        said, status = (error.message, error.status) if isinstance(error, DomainError) else (str(error), 422)
        return _page(row, section, said), status
    flash(f"{PARTS[section]} : enregistré.")
    return redirect(url_for("school.revision", type_revision_id=row.id))


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()


def _letterhead() -> edits.Edit:
    lines = tuple(line.strip() for line in _text("lines").split("\n") if line.strip())
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise DomainError(f"L’en-tête compte {MOST_LINES} lignes de {LONGEST_LINE} caractères au plus.")
    upload = request.files.get("logo")
    data = upload.read() if upload else b""
    if not data:
        return edits.letterhead(lines, b"" if request.form.get("no_logo") else None)
    return edits.letterhead(lines, checked_logo(data))


def _signing() -> edits.Edit:
    if request.form.get("order") != "ordered":
        return edits.signing(())
    ranks = {
        key.removeprefix("rank-"): value for key, value in request.form.items() if key.startswith("rank-")
    }
    if sorted(ranks.values()) != [str(rank) for rank in range(1, len(ranks) + 1)]:
        raise DomainError("Chaque signataire a son rang : 1, 2, 3… sans trou et sans ex æquo.")
    return edits.signing(tuple(sorted(ranks, key=ranks.__getitem__)))


def _levels() -> edits.Edit:
    return edits.levels(tuple(code for code in WARNINGS if code in request.form.getlist("blocking")))


def _rows(*names: str) -> Iterator[tuple[str, ...]]:
    """Each row of a repeated form, as its fields' texts; rows whose first field is blank are left out."""
    for rank in range(60):
        if _text(f"{names[0]}-{rank}"):
            yield tuple(_text(f"{name}-{rank}")[:2000] for name in names)


def _fields() -> edits.Edit:
    found: dict[str, OwnField] = {}
    for label, name, kind, needed in _rows("label", "name", "kind", "required"):
        if kind not in KINDS or len(label) > 120:
            raise DomainError(
                "Un libellé compte 120 caractères au plus, et un champ a l’un des types proposés."
            )
        own = _free(_slug(name or label, "champ"), found)
        found[own] = OwnField(own, label, kind, bool(needed))
    return edits.fields(tuple(found.values()))


def _questions() -> edits.Edit:
    found: dict[str, Question] = {}
    for text, name, answer in _rows("text", "id", "answer"):
        if answer not in ANSWERS or len(text) > 400:
            raise DomainError("Une question compte 400 caractères au plus, et une sorte de réponse.")
        own = _free(_slug(name or "question", "question"), found)
        found[own] = Question(own, text, answer)
    if not found:
        raise DomainError("L’élève évalue l’accueil (L. 124-4) : gardez au moins une question.")
    return edits.questions(_text("introduction")[:2000], tuple(found.values()))


def _slug(text: str, otherwise: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_0123456789")[:28].rstrip("_") or otherwise


def _free(name: str, taken: dict[str, object] | dict[str, OwnField] | dict[str, Question]) -> str:
    return next(each for each in (name, *(f"{name}{rank}" for rank in range(2, 99))) if each not in taken)


_READERS: dict[str, Callable[[], edits.Edit]] = {
    "en-tete": _letterhead,
    "signatures": _signing,
    "controles": _levels,
    "champs": _fields,
    "questionnaire": _questions,
}
