"""What an accident may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class NotOnSigned(Conflict):
    """An accident is recorded on a signed convention only."""

    sentence = "Un accident ne s’enregistre que sur une convention signée."


class ImpossibleInstants(DomainError):
    """The accident would have been known before it happened, or in the future."""

    sentence = "L’accident n’a pas pu être connu avant d’arriver, ni dans le futur."
    field = "known_at"


class NoMeans(DomainError):
    """The declaration does not say how it was sent."""

    sentence = "Dites comment la déclaration est partie (net-entreprises, recommandé…)."
    field = "means"


class SentBefore(DomainError):
    """The declaration would have left before the accident, or on a day to come."""

    sentence = "La déclaration n’a pas pu partir avant l’accident, ni un jour qui n’est pas encore venu."
    field = "sent_on"


class NoWithdrawal(DomainError):
    """A withdrawal does not say why."""

    sentence = "Dites pourquoi cette inscription est une erreur."
    field = "why"


class NoProof(Conflict):
    """No proof of sending is kept."""

    sentence = "Aucune preuve d’envoi n’est gardée pour cet accident."
