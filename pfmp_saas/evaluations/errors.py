"""What an evaluation may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class NotOpenYet(Conflict):
    """The questionnaire opens on the last day."""

    sentence = "Le questionnaire s’ouvre le dernier jour de la période."


class AlreadySent(Conflict):
    """The pupil has answered already."""

    sentence = "Votre avis est déjà envoyé. Merci."


class Incomplete(DomainError):
    """An answer is missing."""

    sentence = "Il manque une réponse."
