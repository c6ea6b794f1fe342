"""What telling or settling a difficulty may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class NotDuringPlacement(Conflict):
    """A difficulty is told of a signed convention only."""

    sentence = "Un signalement porte sur une convention signée."


class NoWords(DomainError):
    """Nothing says what happened."""

    sentence = "Dites en quelques mots ce qui se passe."
    field = "words"


class NoMeasures(DomainError):
    """Nothing says what was done."""

    sentence = "Dites ce qui a été fait, ou convenu avec l’organisme d’accueil."
    field = "measures"
