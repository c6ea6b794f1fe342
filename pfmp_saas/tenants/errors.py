"""What an establishment may be refused for."""

from pfmp_saas.core.errors import DomainError


class UnknownUai(DomainError):
    """The UAI number has a wrong check letter."""

    sentence = "Ce numéro UAI n’existe pas : sa lettre ne correspond pas à ses chiffres."
    field = "uai"
