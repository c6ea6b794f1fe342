"""What a campaign may be refused for."""

from pfmp_saas.core.errors import DomainError


class NothingChosen(DomainError):
    """No draft is chosen."""

    sentence = "Cochez au moins une convention."


class NothingChanged(DomainError):
    """The correction of several conventions says nothing."""

    sentence = "Remplissez au moins ce qui doit changer."


class EmptyClass(DomainError):
    """The class has no pupil."""

    sentence = "Cette classe n’a pas d’élève : importez sa liste d’abord."
    field = "class_name"


class Unusual(DomainError):
    """The dates are past or far away, and nobody has confirmed them."""

    sentence = "La période {words} : cochez « Ces dates sont les bonnes » si c’est voulu."
    field = "sure"
