"""The form of what a school prints on its conventions, and asks of its head."""

from datetime import date
from typing import Any

from pfmp_saas.core import reading
from pfmp_saas.core.colours import read_colour
from pfmp_saas.core.fields import By, ByLines, Day, Email, Line, Phone, Tick, Upload
from pfmp_saas.core.forms import Form


def _periods(value: Any) -> str:
    days = ([date.fromisoformat(period[key]) for key in ("start", "end")] for period in value or ())
    return "\n".join(f"{start:%d/%m/%Y} au {end:%d/%m/%Y}" for start, end in days)


class SettingsForm(Form):
    """The school's own particulars."""

    address = Line("Adresse")
    phone = Phone("Téléphone")
    email = Email("Adresse électronique de l’établissement")
    board_date = Day("Convention-type votée par le conseil d’administration le")
    insurer_name = Line("Assureur")
    insurer_policy = Line("No de contrat d’assurance")
    school_holidays = ByLines(
        "Vacances scolaires, à confirmer par l’établissement",
        reading.periods,
        _periods,
        description="Une période par ligne, du premier au dernier jour sans cours : 19/12/2026 au 03/01/2027. "
        "Elles servent à contrôler les périodes placées hors temps scolaire.",
    )

    head_second_factor = Tick(
        "Exiger du chef d’établissement une double authentification",
        description="Après le mot de passe, un code d’application ou une clé d’accès. Sans elle, le chef d’établissement n’ouvre plus rien ici.",
    )

    signing_code = Tick(
        "Demander à qui signe un code, en plus du lien",
        description="Le code part à l’adresse du signataire au moment de signer. Qui signe sous son compte n’en a pas besoin. "
        "Le moyen est écrit dans la preuve.",
    )

    def settings(self) -> dict[str, Any]:
        """Return what was read, texts never None. Only for a form that is right."""
        blank: dict[str, Any] = {"board_date": None, "school_holidays": []}
        blank |= {"head_second_factor": False, "signing_code": False}
        names = (field.name for field in self if field.name != "csrf_token")
        return {name: self[name].data or blank.get(name, "") for name in names}


class LookForm(Form):
    """The school's colour and logo on its pages."""

    colour = By(
        "Couleur de l’établissement",
        by=read_colour,
        render_kw={"placeholder": "#7a1f3d", "autocomplete": "off"},
        description="Six chiffres hexadécimaux. Les pages en prennent la nuance la plus proche qui se lise, de jour comme de nuit. "
        "Sans couleur, celle du service.",
    )
    logo = Upload("Logo", description="PNG ou JPEG, 500 ko au plus. Il paraît en haut des pages, réduit.")
    no_logo = Tick("Retirer le logo")
