"""What a host's sheet may be refused for."""

from pfmp_saas.core.errors import DomainError


class HostKnown(DomainError):
    """Another sheet has this SIRET, or this name and address."""

    sentence = "Cet organisme a déjà une fiche : ouvrez-la, et fusionnez les deux."
    field = "siret"


class NotNamed(DomainError):
    """Neither a SIRET nor a name with an address says which host it is."""

    sentence = "Donnez le SIRET, ou le nom et l’adresse."
    field = "siret"
