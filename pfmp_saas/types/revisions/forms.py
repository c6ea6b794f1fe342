"""Reading what a school sets beside the articles of its type: one section's form, as an edit of its draft."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.text import fold
from pfmp_saas.documents.images import InvalidImage, checked_logo
from pfmp_saas.types.model import OwnField, Question
from pfmp_saas.types.revisions import edits, errors

MOST_LINES, LONGEST_LINE = 6, 80
MOST_ROWS = 60
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


@dataclass(frozen=True)
class Form:
    """A section's form as it was sent: its texts by name, the codes ticked as blocking, the content of a new logo."""

    texts: Mapping[str, str]
    blocking: Container[str] = ()
    logo: bytes = b""

    def text(self, name: str) -> str:
        """Return a field's text with its lines ended as ours, without blanks around."""
        return self.texts.get(name, "").replace("\r\n", "\n").strip()

    def rows(self, *names: str) -> Iterator[tuple[str, ...]]:
        """Return the texts of each row of a repeated part; rows whose first field is blank are left out."""
        for rank in range(MOST_ROWS):
            if self.text(f"{names[0]}-{rank}"):
                yield tuple(self.text(f"{name}-{rank}")[:2000] for name in names)


def read_section(section: str, form: Form) -> edits.Edit:
    """Return the edit that a section's form asks for. Raises DomainError, KeyError for an unknown section."""
    return _READERS[section](form)


def _letterhead(form: Form) -> edits.Edit:
    lines = tuple(line.strip() for line in form.text("lines").split("\n") if line.strip())
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise errors.HeaderTooLong(lines=MOST_LINES, length=LONGEST_LINE)
    if not form.logo:
        return edits.letterhead(lines, b"" if form.text("no_logo") else None)
    try:
        return edits.letterhead(lines, checked_logo(form.logo))
    except InvalidImage as error:
        raise DomainError(str(error), field="logo") from None


def _signing(form: Form) -> edits.Edit:
    if form.text("order") != "ordered":
        return edits.signing(())
    ranks = {key.removeprefix("rank-"): value for key, value in form.texts.items() if key.startswith("rank-")}
    if sorted(ranks.values()) != [str(rank) for rank in range(1, len(ranks) + 1)]:
        raise errors.RanksUnclear
    return edits.signing(tuple(sorted(ranks, key=ranks.__getitem__)))


def _levels(form: Form) -> edits.Edit:
    return edits.levels(tuple(code for code in WARNINGS if code in form.blocking))


def _fields(form: Form) -> edits.Edit:
    found: dict[str, OwnField] = {}
    for label, name, kind, needed in form.rows("label", "name", "kind", "required"):
        if kind not in KINDS or len(label) > 120:
            raise errors.FieldRefused
        own = _free(_slug(name or label, "champ"), found)
        found[own] = OwnField(own, label, kind, bool(needed))
    return edits.fields(tuple(found.values()))


def _questions(form: Form) -> edits.Edit:
    found: dict[str, Question] = {}
    for text, name, answer in form.rows("text", "id", "answer"):
        if answer not in ANSWERS or len(text) > 400:
            raise errors.QuestionRefused
        own = _free(_slug(name or "question", "question"), found)
        found[own] = Question(own, text, answer)
    if not found:
        raise errors.NoQuestionLeft
    return edits.questions(form.text("introduction")[:2000], tuple(found.values()))


def _slug(text: str, otherwise: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_0123456789")[:28].rstrip("_") or otherwise


def _free(name: str, taken: Container[str]) -> str:
    return next(each for each in (name, *(f"{name}{rank}" for rank in range(2, 99))) if each not in taken)


_READERS: dict[str, Callable[[Form], edits.Edit]] = {
    "en-tete": _letterhead,
    "signatures": _signing,
    "controles": _levels,
    "champs": _fields,
    "questionnaire": _questions,
}
