"""Forms of a search: a step tried, a host that agreed, words to the school, an offer."""

from typing import Any

from pfmp_saas.core import reading
from pfmp_saas.core.fields import Area, By, Choice, Day, Email, Identifier, Line, Radio
from pfmp_saas.core.forms import AtMost, Form, Needed
from pfmp_saas.searches.kinds import TRIED, StepKind
from pfmp_saas.searches.use_cases import Step

_SHORT, _LONG = 160, 1000


class TriedForm(Form):
    """One firm that was asked, and what came of it."""

    host_name = Line(
        "Entreprise ou organisme", validators=[Needed("Donnez le nom de l’entreprise."), AtMost(_SHORT)]
    )
    kind = Radio(
        "Ce que j’ai fait",
        choices=list(TRIED.items()),
        validators=[Needed("Choisissez ce que vous avez fait.")],
    )
    contact = Line("À qui j’ai parlé, téléphone", validators=[AtMost(_SHORT)])
    done_on = Day("Quel jour", description="Vide : aujourd’hui.")
    words = Area("Ce qu’on m’a dit", validators=[AtMost(_LONG)])

    def step(self) -> Step:
        """Return what was typed."""
        return Step(
            StepKind(self.kind.data),
            self.host_name.data or "",
            self.contact.data or "",
            self.words.data or "",
            self.done_on.data,
        )


class FoundForm(Form):
    """The host that agreed, as far as the pupil knows it; the school completes it."""

    host_name = Line(
        "Nom de l’entreprise ou de l’organisme", validators=[Needed("Donnez son nom."), AtMost(_SHORT)]
    )
    siret = By(
        "SIRET, si vous le connaissez",
        reading.siret,
        description="Quatorze chiffres, souvent en bas d’un devis ou d’une facture.",
    )
    address = Line("Adresse", validators=[AtMost(300)])
    representative = Line("Nom du responsable", validators=[AtMost(_SHORT)])
    representative_email = Email("Son adresse électronique")
    contact = Line("Téléphone", validators=[AtMost(40)])
    tutor = Line("Nom du tuteur, s’il est connu", validators=[AtMost(_SHORT)])
    tutor_email = Email("Adresse électronique du tuteur")
    words = Area("Autre chose à dire à l’établissement", validators=[AtMost(_LONG)])

    def step(self) -> Step:
        """Return what was typed, with the host and the tutor as a convention's data have them."""
        representative = _known(name=self.representative.data, email=self.representative_email.data)
        host = _known(
            name=self.host_name.data,
            siret=self.siret.data,
            address=self.address.data,
            representative=representative,
        )
        tutor = _known(name=self.tutor.data, email=self.tutor_email.data)
        return Step(
            StepKind.FOUND,
            self.host_name.data or "",
            self.contact.data or "",
            self.words.data or "",
            found={"host": host, "tutor": tutor},
        )


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


class HelpForm(Form):
    """A request for help (L612-8)."""

    words = Area("Ce que vous cherchez, où, ce qui bloque", validators=[AtMost(_LONG)])

    def step(self) -> Step:
        """Return what was typed."""
        return Step(StepKind.ASKED, words=self.words.data or "")


class StepForm(Form):
    """Which step is taken back."""

    step = Identifier("", choices=[], validate_choice=False)


class OfferForm(Form):
    """What the school offers: a host that it knows, or another, and words."""

    known = Choice("Organisme connu, avec une place libre")
    host_name = Line("Ou un autre organisme", validators=[AtMost(_SHORT)])
    contact = Line("Qui appeler", validators=[AtMost(_SHORT)])
    words = Area("Message à l’élève", validators=[AtMost(_LONG)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and that something is offered."""
        super().validate(extra_validators)
        if not (self.known.data or self.host_name.data or self.words.data):
            self.words.errors = ["Proposez un organisme, ou écrivez un message."]
        return not self.wrong

    def step(self) -> Step:
        """Return what was typed; a known host's name comes as it was chosen."""
        name = self.host_name.data or self.known.data or ""
        return Step(StepKind.OFFERED, name, self.contact.data or "", self.words.data or "")


def offer_form(hosts: list[tuple[str, str]]) -> OfferForm:
    """Return the form of an offer; ``hosts`` are the names of known hosts, and how each is shown."""
    form = OfferForm()
    form.known.choices = [("", "aucun de ceux-ci"), *hosts]
    return form
