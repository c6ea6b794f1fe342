"""What a school’s own convention type may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class FileTooLarge(DomainError):
    """The imported file is too large."""

    sentence = "Ce fichier dépasse {most} octets."
    field = "file"


class NotText(DomainError):
    """The imported file is no text."""

    sentence = "Ce fichier n’est pas une convention-type : ce n’est pas du texte."
    field = "file"


class UnknownBase(DomainError):
    """The imported file derives from a model that is not known here."""

    sentence = "Le modèle dont elle dérive n’est pas connu ici : {slug}."
    field = "file"


class OtherBase(DomainError):
    """The revision derives from another model than the one that the school's conventions follow."""

    sentence = (
        "Cette convention-type part du modèle « {theirs} », et vos conventions suivent le modèle « {ours} » : elle ne les "
        "changerait pas."
    )
    field = "file"


class AdoptedNoMore(Conflict):
    """An adopted revision is no longer edited."""

    sentence = "Une version adoptée ne se modifie plus : dérivez-en une nouvelle."


class MentionsMissing(DomainError):
    """Mandatory mentions (education code, D124-4) are not carried."""

    sentence = "Cette version ne peut pas être adoptée : {absent}."


class HeaderTooLong(DomainError):
    """The header has too many lines, or too long ones."""

    sentence = "L’en-tête compte {lines} lignes de {length} caractères au plus."


class RanksUnclear(DomainError):
    """The signers’ ranks are not 1, 2, 3…"""

    sentence = "Chaque signataire a son rang : 1, 2, 3… sans trou et sans ex æquo."


class FieldRefused(DomainError):
    """An own field’s label is too long, or its kind unknown."""

    sentence = "Un libellé compte 120 caractères au plus, et un champ a l’un des types proposés."


class QuestionRefused(DomainError):
    """A question is too long, or its kind of answer unknown."""

    sentence = "Une question compte 400 caractères au plus, et une sorte de réponse."


class NoQuestionLeft(DomainError):
    """The pupil evaluates the host (education code, L124-4)."""

    sentence = "L’élève évalue l’accueil (L. 124-4) : gardez au moins une question."
