"""The forms by which a school makes its convention type: articles, what stands beside them, adoption, an update.

A section's form gives the edit of the draft that it asks for.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from pfmp_saas.core import reading
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.fields import Area, ByLines, Choice, Day, Line, Radio, Several, Tick, Upload
from pfmp_saas.core.forms import AtMost, Form, made
from pfmp_saas.core.text import fold
from pfmp_saas.documents.images import InvalidImage, checked_logo
from pfmp_saas.types.model import ConventionType, Mention, OwnField, Question
from pfmp_saas.types.revisions import edits, errors
from pfmp_saas.types.revisions.content import Content
from pfmp_saas.types.revisions.merge import OURS, THEIRS

MOST_LINES, LONGEST_LINE = 6, 80
MOST_ROWS = 60
LONGEST_LABEL, LONGEST_QUESTION = 120, 400
KINDS = {"text": "texte", "date": "date", "number": "nombre", "money": "montant en euros"}
ANSWERS = {"scale": "échelle", "text": "réponse libre"}
WARNINGS = {
    "waiting-period": "Délai de carence entre deux stagiaires (L. 124-11)",
    "annex-required": "Formation à la conduite, habilitation électrique, contrat d’assistance, couverture maladie, assurance d’un véhicule",
    "mention-missing": "Date de la délibération, numéro UAI, présence de nuit, le dimanche ou un jour férié, période hors temps scolaire",
    "duration-max": "Nombre de séquences du cycle, moitié des congés avant seize ans",
    "regulated-work-age": "Port de charges avant quinze ans",
    "regulated-work-forbidden": "Niveau ou catégorie de travaux réglementés à préciser",
    "medical-opinion-missing": "Aptitude au port de charges ancienne, avis médical avec réserves",
    "public-holiday": "Lieu dont le calendrier des jours fériés n’est pas tenu ici",
    "assessment-too-early": "Évaluation certificative la première année",
}
"""The checks that may warn without stopping: what the law blocks already cannot be set lower."""


class ArticleForm(Form):
    """An article: its title, its text, the statutory mentions that it carries."""

    title = Line("Titre", description="Le numéro suit la place de l’article.")
    text = Area("Texte")
    mention = Several("Mentions obligatoires que cet article porte")

    def __init__(self, mentions: Iterable[Mention], conditions: Iterable[str], **more: Any) -> None:
        """Build the form; ``mentions`` can be carried by an article, ``conditions`` can head a paragraph."""
        super().__init__(**more)
        self.mention.choices = [(str(each.number), f"{each.number}. {each.label}") for each in mentions]
        self.text.description = (
            "Un alinéa se sépare par une ligne vide ; une liste commence chaque ligne par un tiret. **gras**, *italique*. "
            "Les champs entre accolades, comme {student.full_name}, sont ceux du modèle. Un alinéa qui commence par "
            "{si mineur} ou {sauf si mineur} ne s’imprime que dans ce cas ; conditions possibles : "
            f"{', '.join(conditions)}."
        )

    def written(self) -> tuple[str, str, tuple[int, ...]]:
        """Return the title, the text and the numbers of the mentions."""
        carried = sorted(int(number) for number in self.mention.data or () if number.isdigit())
        return self.title.data or "", self.text.data or "", tuple(carried)


class MoveForm(Form):
    """One place up or down."""

    sens = Line("")


class AnnexesForm(Form):
    """The annexes that the type keeps."""

    annex = Several("Annexes de la convention")

    def __init__(self, known: Iterable[str]) -> None:
        """Build the form; ``known`` are the annexes of the base."""
        super().__init__()
        self.annex.choices = [(slug, slug) for slug in known]


class AdoptionForm(Form):
    """The board's deliberation."""

    on = Day("Date de la délibération")
    number = Line("Numéro de la délibération")


class FileForm(Form):
    """A type exported by another school."""

    file = Upload("Fichier exporté (JSON)", render_kw={"accept": "application/json,.json"})


class UpdateForm(Form):
    """The choice of a text for each conflict with the base's new version, by the conflict's key."""

    def choices(self) -> dict[str, str]:
        """Return the choices made."""
        return {field.name: field.data for field in self if isinstance(field, Radio) and field.data}


def update_form(keys: Iterable[str]) -> UpdateForm:
    """Return the form of an update with these conflicts."""
    texts = [(OURS, "Garder le texte de l’établissement"), (THEIRS, "Prendre le nouveau texte du modèle")]
    fields = {f"choice.{key}": Radio(key, name=key, choices=texts) for key in keys}
    return made(UpdateForm, fields)


class SectionForm(Form):
    """One section beside the articles."""

    def edit(self) -> edits.Edit:
        """Return the edit of the draft that the form asks for. Raises DomainError."""
        raise NotImplementedError

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Return the values of each row of a repeated part; rows whose first field is blank are left out."""
        for rank in range(MOST_ROWS):
            if f"{names[0]}-{rank}" in self and self[f"{names[0]}-{rank}"].data:
                yield tuple(self[f"{name}-{rank}"].data or "" for name in names)


class LetterheadForm(SectionForm):
    """The lines and the logo over the title."""

    lines = ByLines(
        "Lignes de l’en-tête",
        reading.lines,
        "\n".join,
        description="Six lignes au plus : académie, région, établissement…",
    )
    logo = Upload(
        "Logo", description="PNG ou JPEG, 500 ko au plus.", render_kw={"accept": "image/png,image/jpeg"}
    )
    no_logo = Tick("Retirer le logo")

    def edit(self) -> edits.Edit:
        """Return the edit. Raises DomainError for lines that are too many or too long, and for what is no image."""
        lines = tuple(self.lines.data or ())
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise errors.HeaderTooLong(lines=MOST_LINES, length=LONGEST_LINE)
        if not self.logo.data:
            return edits.letterhead(lines, b"" if self.no_logo.data else None)
        try:
            return edits.letterhead(lines, checked_logo(self.logo.data))
        except InvalidImage as error:
            raise DomainError(str(error), field="logo") from None


class OrderForm(SectionForm):
    """Whether the signers sign in turn, and in which."""

    order = Radio(
        "Les cinq signatures",
        choices=[
            ("free", "Dans n’importe quel ordre : tous sont invités à l’envoi (la loi n’impose aucun ordre)"),
            ("ordered", "Dans l’ordre ci-dessous : chacun est invité quand le précédent a signé"),
        ],
    )

    def edit(self) -> edits.Edit:
        """Return the edit. Raises RanksUnclear where two have one rank."""
        if self.order.data != "ordered":
            return edits.signing(())
        ranks = {
            field.name.removeprefix("rank-"): field.data for field in self if field.name.startswith("rank-")
        }
        if sorted(ranks.values()) != [str(rank) for rank in range(1, len(ranks) + 1)]:
            raise errors.RanksUnclear
        return edits.signing(tuple(sorted(ranks, key=ranks.__getitem__)))


class LevelsForm(SectionForm):
    """The warnings that stop a sending here."""

    blocking = Several("Contrôles", choices=list(WARNINGS.items()))

    def edit(self) -> edits.Edit:
        """Return the edit."""
        return edits.levels(tuple(code for code in WARNINGS if code in (self.blocking.data or ())))


class FieldsForm(SectionForm):
    """The fields that the school adds."""

    def edit(self) -> edits.Edit:
        """Return the edit. Raises FieldRefused."""
        found: dict[str, OwnField] = {}
        for label, name, kind, needed in self.rows("label", "name", "kind", "required"):
            if kind not in KINDS or len(label) > LONGEST_LABEL:
                raise errors.FieldRefused
            own = _free(_slug(name or label, "champ"), found)
            found[own] = OwnField(own, label, kind, bool(needed))
        return edits.fields(tuple(found.values()))


class QuestionsForm(SectionForm):
    """The questionnaire of the pupil."""

    introduction = Area("Introduction", validators=[AtMost(reading.LONGEST)])

    def edit(self) -> edits.Edit:
        """Return the edit. Raises QuestionRefused, NoQuestionLeft."""
        found: dict[str, Question] = {}
        for text, name, answer in self.rows("text", "id", "answer"):
            if answer not in ANSWERS or len(text) > LONGEST_QUESTION:
                raise errors.QuestionRefused
            own = _free(_slug(name or "question", "question"), found)
            found[own] = Question(own, text, answer)
        if not found:
            raise errors.NoQuestionLeft
        return edits.questions((self.introduction.data or "")[: reading.LONGEST], tuple(found.values()))


def section_form(section: str, content: Content, base: ConventionType) -> SectionForm:
    """Return the form of a section, filled with a draft's content. Raises KeyError for an unknown section."""
    return _SECTIONS[section](content, base)


def _letterhead(content: Content, _base: ConventionType) -> SectionForm:
    return LetterheadForm(data={"lines": list(content.lines)})


def _order(content: Content, base: ConventionType) -> SectionForm:
    order = content.signing_order
    ranks = [(str(rank), str(rank)) for rank in range(1, len(base.signers) + 1)]
    shown = sorted(base.signers, key=lambda signer: order.index(signer.name) if order else signer.rank)
    fields = {f"rank-{signer.name}": Choice(signer.label, choices=ranks) for signer in shown}
    known = {f"rank-{signer.name}": str(place) for place, signer in enumerate(shown, 1)}
    return made(OrderForm, fields, data={**known, "order": "ordered" if order else "free"})


def _levels(content: Content, _base: ConventionType) -> SectionForm:
    return LevelsForm(data={"blocking": list(content.blocking)})


def _fields(content: Content, _base: ConventionType) -> SectionForm:
    kinds = list(KINDS.items())
    known = {f"kind-{rank}": "text" for rank in range(MOST_ROWS)}
    for rank, own in enumerate(content.own_fields):
        row: dict[str, Any] = {
            "label": own.label,
            "name": own.name,
            "kind": own.kind,
            "required": own.required,
        }
        known |= {f"{name}-{rank}": value for name, value in row.items()}
    each = {
        "label": lambda: Line("Libellé"),
        "name": lambda: Line(""),
        "kind": lambda: Choice("Sorte", choices=kinds, validate_choice=False),
        "required": lambda: Tick("Obligatoire"),
    }
    return made(FieldsForm, _repeated(each), data=known)


def _questions(content: Content, _base: ConventionType) -> SectionForm:
    answers = list(ANSWERS.items())
    known: dict[str, Any] = {f"answer-{rank}": "scale" for rank in range(MOST_ROWS)}
    for rank, question in enumerate(content.questions):
        row = {"text": question.text, "id": question.id, "answer": question.answer}
        known |= {f"{name}-{rank}": value for name, value in row.items()}
    each = {
        "text": lambda: Line("Texte"),
        "id": lambda: Line(""),
        "answer": lambda: Choice("Réponse", choices=answers, validate_choice=False),
    }
    return made(QuestionsForm, _repeated(each), data={**known, "introduction": content.introduction})


def _repeated(each: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}-{rank}": make() for rank in range(MOST_ROWS) for name, make in each.items()}


def _slug(text: str, otherwise: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_0123456789")[:28].rstrip("_") or otherwise


def _free(name: str, taken: Container[str]) -> str:
    return next(each for each in (name, *(f"{name}{rank}" for rank in range(2, 99))) if each not in taken)


_SECTIONS = {
    "en-tete": _letterhead,
    "signatures": _order,
    "controles": _levels,
    "champs": _fields,
    "questionnaire": _questions,
}
