"""What the roster may refuse."""

from pfmp_saas.core.errors import Conflict, DomainError


class Known(DomainError):
    """Another pupil has these names and this day of birth."""

    sentence = "Un élève de ces noms et de cette date de naissance est déjà connu."
    field = "last_name"


class InUse(Conflict):
    """A convention names the pupil: what was signed stays readable."""

    sentence = (
        "Cet élève a une convention : marquez-le parti. Ses données s’effacent à la fin de leur conservation."
    )


class SameClass(DomainError):
    """Two classes would become one by the new year."""

    sentence = "Deux classes deviendraient « {name} » : donnez-leur des noms différents."


class ClassesMoved(Conflict):
    """Pupils have changed classes since the page was shown."""

    sentence = (
        "Des élèves ont changé de classe depuis que cette page est affichée : relisez-la, puis recommencez."
    )


class NoChange(DomainError):
    """Nothing was asked."""

    sentence = "Rien n’est changé : remplissez au moins une ligne."


class CourseKnown(DomainError):
    """The school has this course already."""

    sentence = "Cette formation est déjà connue."
    field = "mef"
