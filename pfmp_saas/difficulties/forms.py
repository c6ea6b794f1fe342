"""The forms of a difficulty: what happens; then what was done about it."""

from pfmp_saas.core.fields import Area, Radio
from pfmp_saas.core.forms import AtMost, Form, Needed
from pfmp_saas.difficulties.errors import NoMeasures, NoWords
from pfmp_saas.difficulties.states import LABELS


class DifficultyForm(Form):
    """What goes wrong, in the words of who tells it."""

    kind = Radio(
        "De quoi s’agit-il ?",
        choices=[(str(kind), label) for kind, label in LABELS.items()],
        validators=[Needed("Choisissez ce qui ressemble le plus.")],
    )
    words = Area(
        "Ce qui se passe",
        description="Quelques phrases suffisent : quand, où, quoi.",
        validators=[Needed(NoWords.sentence), AtMost(4000)],
    )


class MeasuresForm(Form):
    """What was done."""

    measures = Area(
        "Ce qui a été fait, ou convenu avec l’organisme d’accueil",
        validators=[Needed(NoMeasures.sentence), AtMost(4000)],
    )
