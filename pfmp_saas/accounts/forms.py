"""The forms by which a person is given a role, and those of second factors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from wtforms import HiddenField

from pfmp_saas.accounts.factors import Answer
from pfmp_saas.core import reading
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.forms import Email, Form, Input, Line, Secret, Tick, needed
from pfmp_saas.core.roles import Role

INCOMPLETE = "Indiquez un nom, une adresse électronique et une fonction."


@dataclass(frozen=True)
class Member:
    """Who is given which role."""

    email: str
    name: str
    role: Role


def read_member(typed: Mapping[str, str], given: Collection[Role]) -> Member:
    """Read ``email``, ``name`` and ``role``, one of ``given``. Raises DomainError."""
    role = typed.get("role", "")
    if role not in given:
        raise DomainError(INCOMPLETE, field="role")
    return _person(typed, "", Role(role))


def read_head(typed: Mapping[str, str]) -> Member:
    """Read ``head_email`` and ``head_name``: who is put at a school's head. Raises DomainError."""
    return _person(typed, "head_", Role.HEAD)


def _person(typed: Mapping[str, str], prefix: str, role: Role) -> Member:
    try:
        email = reading.email(typed.get(f"{prefix}email", "").strip())
    except ValueError as error:
        raise DomainError(str(error), field=f"{prefix}email") from None
    try:
        name = reading.line(typed.get(f"{prefix}name", ""))
    except ValueError as error:
        raise DomainError(str(error), field=f"{prefix}name") from None
    if not email or not name:
        raise DomainError(INCOMPLETE, field=f"{prefix}email" if name else f"{prefix}name")
    return Member(email, name, role)


class Sent(Input, HiddenField):  # type: ignore[misc]
    """A text that a script writes: what the browser's passkey answered."""


class SecondForm(Form):
    """The answer of a second factor."""

    code = Line("Code à six chiffres, ou code de secours")
    credential = Sent()

    def answer(self) -> Answer:
        """Return what was given."""
        return Answer(self.code.data or "", self.credential.data or "")


class ProofForm(SecondForm):
    """What is asked again before what opens an account is changed: its second factor, or its password without one."""

    present = Secret("Mot de passe actuel")


class CodeForm(Form):
    """The first code of an application."""

    code = Line(
        "Code à six chiffres que l’application affiche", validators=[needed("Tapez le code affiché.")]
    )


class PasskeyForm(Form):
    """A passkey that the browser has made, and what its owner calls it."""

    name = Line("Nom de la clé")
    credential = Sent()


class ResetForm(Form):
    """Whose second factors the platform takes away, and that it has checked who asks."""

    email = Email("Adresse électronique du compte", validators=[needed("Indiquez l’adresse du compte.")])
    checked = Tick(
        "J’ai vérifié l’identité de cette personne par une autre voie que son courriel",
        validators=[needed("Vérifiez d’abord qui demande.")],
    )
