"""Forms of the host's half: whom the school asks, and which answers it takes up."""

from wtforms import HiddenField

from pfmp_saas.core.fields import Area, Email, Line, Several
from pfmp_saas.core.forms import AtMost, Form, Needed
from pfmp_saas.halves.use_cases import Asking

_SHORT, _LONG = 160, 600


class AskForm(Form):
    """Whom the link goes to, and words of one's own."""

    name = Line("Nom", validators=[Needed("Donnez le nom de la personne."), AtMost(_SHORT)])
    email = Email("Adresse électronique", validators=[Needed("Donnez son adresse électronique.")])
    words = Area("Un mot de votre part, s’il y a lieu", validators=[AtMost(_LONG)])

    def asking(self) -> Asking:
        """Return what was typed."""
        return Asking(self.name.data or "", self.email.data or "", self.words.data or "")


class TakeUpForm(Form):
    """Which answers the draft takes; ``mark`` is what the page showed."""

    mark = HiddenField()
    paths = Several("Réponses à reprendre", choices=[], validate_choice=False)

    def chosen(self) -> list[str]:
        """Return the paths of the answers that were ticked."""
        return [str(path) for path in self.paths.raw_data or ()]
