"""What a follow-up act may be refused for."""

from pfmp_saas.core.errors import DomainError


class NoDay(DomainError):
    """The act bears no day."""

    sentence = "Indiquez le jour, par exemple 12/01/2027."
    field = "done_on"


class ImpossibleDay(DomainError):
    """The day is before the period or still to come."""

    sentence = "Indiquez un jour entre le début de la période ({start}) et aujourd’hui."
    field = "done_on"
