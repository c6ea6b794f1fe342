"""The forms by which people sign in, prove who they are, set a password, and are given a role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import HiddenField

from pfmp_saas.accounts.factors import Answer
from pfmp_saas.core.fields import AnyEmail, Choice, Day, Email, Identifier, Input, Line, Secret, Tick
from pfmp_saas.core.forms import AtMost, Form, Needed
from pfmp_saas.core.roles import LABELS, Role

INCOMPLETE = "Indiquez un nom, une adresse électronique et une fonction."
_NOBODY_S = {"autocomplete": "off"}
_ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "text"}


@dataclass(frozen=True)
class Member:
    """Who is given which role."""

    email: str
    name: str
    role: Role


class MemberForm(Form):
    """A person to whom a school gives a role."""

    name = Line("Nom", validators=[Needed(INCOMPLETE)], render_kw=_NOBODY_S)
    email = Email("Adresse électronique", validators=[Needed(INCOMPLETE)])
    role = Choice("Fonction")

    def __init__(self, given: Iterable[Role], **more: Any) -> None:
        """Build the form; ``given`` are the roles that the signed-in person may give."""
        super().__init__(data={"role": Role.REFERENT.value}, **more)
        self.role.choices = [(role.value, LABELS[role]) for role in given]

    def member(self) -> Member:
        """Return who was typed. Only for a form that is right."""
        return Member(self.email.data, self.name.data, Role(self.role.data))


class HeadForm(Form):
    """The person who is put at a school's head."""

    head_name = Line(
        "Nom du nouveau chef d’établissement", validators=[Needed(INCOMPLETE)], render_kw=_NOBODY_S
    )
    head_email = Email("Son adresse électronique", validators=[Needed(INCOMPLETE)])

    def member(self) -> Member:
        """Return who was typed. Only for a form that is right."""
        return Member(self.head_email.data, self.head_name.data, Role.HEAD)


class SignInForm(Form):
    """An address as it is typed, a password, and where to go next."""

    email = Line("Adresse électronique", render_kw={"autocomplete": "username", "inputmode": "email"})
    password = Secret("Mot de passe", render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class LinkForm(Form):
    """The address to which a sign-in link leaves: the answer is the same whatever is typed."""

    email = AnyEmail(
        "Adresse électronique",
        description="Celle où vous recevez les courriels de l’établissement. Un lien y arrive dans la minute ; "
        "il remplace le mot de passe.",
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


class PasswordForm(Form):
    """A new password, and the present one where there is one."""

    present = Secret("Mot de passe actuel", render_kw={"autocomplete": "current-password"})
    password = Secret("Nouveau mot de passe", render_kw={"autocomplete": "new-password"})
    again = Secret("Le même, encore une fois", render_kw={"autocomplete": "new-password"})


class Sent(Input, HiddenField):  # type: ignore[misc]
    """A text that a script writes: what the browser's passkey answered."""


class SecondForm(Form):
    """The answer of a second factor."""

    code = Line(
        "Code à six chiffres, ou code de secours",
        description="Le code que votre application affiche maintenant. Téléphone perdu : l’un de vos codes de secours.",
        render_kw=_ONE_TIME,
    )
    credential = Sent()

    def answer(self) -> Answer:
        """Return what was given."""
        return Answer(self.code.data or "", self.credential.data or "")


class ProofForm(SecondForm):
    """What is asked again before what opens an account is changed: its second factor, or its password without one."""

    present = Secret("Mot de passe actuel", render_kw={"autocomplete": "current-password"})


class CodeForm(Form):
    """The first code of an application."""

    code = Line(
        "Code à six chiffres que l’application affiche",
        validators=[Needed("Tapez le code affiché.")],
        render_kw=_ONE_TIME,
    )


class PasskeyForm(Form):
    """A passkey that the browser has made, and what its owner calls it."""

    name = Line("Nom de la clé")
    credential = Sent()


class ResetForm(Form):
    """Whose second factors the platform takes away, and that it has checked who asks."""

    email = Email("Adresse électronique du compte", validators=[Needed("Indiquez l’adresse du compte.")])
    checked = Tick(
        "J’ai vérifié l’identité de cette personne par une autre voie que son courriel",
        description="Rappelez un numéro connu, ou demandez à l’autorité académique.",
        validators=[Needed("Vérifiez d’abord qui demande.")],
    )


SCOPES = {
    "convention amendment": "Conventions et avenants",
    "convention": "Conventions seulement",
    "amendment": "Avenants seulement",
}
"""What may be delegated: kinds of documents, and how that is called."""


class DelegationForm(Form):
    """A deed of delegation: to which deputy, on what, from when to when, by which text."""

    deputy = Identifier("Adjoint", choices=[], validators=[Needed("Choisissez un adjoint.")])
    scope = Choice("Documents", choices=list(SCOPES.items()))
    starts_on = Day("Premier jour", validators=[Needed()])
    ends_on = Day("Dernier jour compris", validators=[Needed()])
    reference = Line(
        "Référence de l’acte",
        description="Par exemple : arrêté de délégation du 1er septembre 2026.",
        validators=[Needed("Donnez la référence de l’acte de délégation."), AtMost(200)],
    )

    def __init__(self, deputies: Sequence[tuple[str, str]], **more: Any) -> None:
        """Build the form with the deputies to choose from: identifier and name."""
        super().__init__(**more)
        self.deputy.choices = [("", "choisir…"), *deputies]
