"""What noting a search may be refused for."""

from pfmp_saas.core.errors import Conflict


class SearchOver(Conflict):
    """The draft was sent, thrown away or erased: its search is over."""

    sentence = "La recherche est terminée : cette convention n’est plus un brouillon."


class FullLog(Conflict):
    """The log has as many steps as it may."""

    sentence = "Le carnet est plein : effacez une ligne d’abord."


class NothingFound(Conflict):
    """No step says which host agreed."""

    sentence = "L’élève n’a noté aucun accord."
