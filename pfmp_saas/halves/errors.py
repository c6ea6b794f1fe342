"""What a host's half may be refused for."""

from pfmp_saas.core.errors import Conflict


class HalfOver(Conflict):
    """The convention left, was thrown away, or its host's half was taken up: the link fills nothing any more."""

    sentence = (
        "Ce lien ne remplit plus rien : la convention est partie, ou l’établissement a repris vos réponses."
    )


class HalfChanged(Conflict):
    """The draft or the host's answers changed since the page was shown."""

    sentence = (
        "Le brouillon ou les réponses ont changé depuis l’affichage de cette page : relisez, puis reprenez."
    )
