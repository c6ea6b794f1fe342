"""What an import may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class NoFile(DomainError):
    """No file was sent."""

    sentence = "Choisissez au moins un fichier."
    field = "liste"


class Heavy(DomainError):
    """More bytes than one import reads."""

    sentence = "{most} Mo au plus pour un import : envoyez les fichiers en plusieurs fois."
    field = "liste"


class Changed(Conflict):
    """What would be written is no more what was shown."""

    sentence = "Les élèves ont changé depuis cet essai : relisez-le, puis importez."


class TooLate(Conflict):
    """A day has passed since the import."""

    sentence = "Un import s’annule pendant un jour ; celui-ci est plus ancien."
