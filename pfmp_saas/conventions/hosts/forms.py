"""Forms of a host's sheet and of its declarations."""

from typing import Any

from pfmp_saas.conventions.models import Host
from pfmp_saas.core import reading
from pfmp_saas.core.fields import Area, By, ByLines, Choice, Day, Email, Line, Phone
from pfmp_saas.core.forms import AtMost, Form, Needed

_LONGEST = AtMost(300)
_PLAIN = (
    "siret",
    "name",
    "trade_name",
    "address",
    "postcode",
    "city",
    "territory",
    "phone",
    "activity",
    "regime",
    "staff",
)
_PEOPLE = {"representative": ("name", "function", "email"), "insurer": ("name", "policy")}
_NOTES = ("contacts", "notes")


class HostSheetForm(Form):
    """What the school knows of a host; what conventions take up, and notes of its own."""

    siret = By("SIRET", reading.siret)
    name = Line("Raison sociale", validators=[Needed(), _LONGEST])
    trade_name = Line("Enseigne", validators=[_LONGEST])
    address = Line("Adresse", validators=[_LONGEST])
    postcode = Line("Code postal", validators=[AtMost(10)])
    city = Line("Ville", validators=[AtMost(100)])
    territory = Line("Département", validators=[AtMost(3)])
    phone = Phone("Téléphone", validators=[AtMost(40)])
    activity = Line("Domaine d’activité", validators=[_LONGEST])
    regime = Choice(
        "Protection sociale",
        default="",
        choices=[("", "à préciser"), ("general", "général (CPAM)"), ("msa", "agricole (MSA)")],
    )
    staff = By(
        "Effectif",
        reading.whole_number,
        description="De la personne morale : il fixe le nombre de stagiaires.",
    )
    representative_name = Line("Représentant : nom", validators=[_LONGEST])
    representative_function = Line("Représentant : fonction", validators=[_LONGEST])
    representative_email = Email("Représentant : courriel")
    insurer_name = Line("Assureur", validators=[_LONGEST])
    insurer_policy = Line("No de contrat", validators=[_LONGEST])
    contacts = Area("Autres contacts", validators=[AtMost(2000)])
    notes = Area(
        "Notes de l’établissement",
        validators=[AtMost(2000)],
        description="Elles ne paraissent sur aucune convention.",
    )

    def values(self) -> dict[str, Any]:
        """Return the host's part of a convention."""
        plain = {name: self[name].data or None for name in _PLAIN}
        people = {
            part: {name: self[f"{part}_{name}"].data or None for name in names}
            for part, names in _PEOPLE.items()
        }
        return plain | people

    def columns(self) -> dict[str, str]:
        """Return the school's own notes."""
        return {name: self[name].data or "" for name in _NOTES}


def host_form(row: Host | None, *, sent: bool = True) -> HostSheetForm:
    """Return the form of a host, blank for a new one; not ``sent`` where the request is about something else."""
    more: dict[str, Any] = {} if sent else {"formdata": None}
    if row is None:
        return HostSheetForm(**more)
    told = (
        {name: row.data.get(name) for name in _PLAIN}
        | {"regime": row.data.get("regime") or ""}
        | {"siret": row.siret, "name": row.name}
    )
    for part, names in _PEOPLE.items():
        known = row.data.get(part) or {}
        told |= {f"{part}_{name}": known.get(name) for name in names}
    return HostSheetForm(data=told | {name: getattr(row, name) for name in _NOTES}, **more)


class DeclarationForm(Form):
    """A declaration of derogation."""

    sent_on = Day("Envoyée à l’inspection le", validators=[Needed()])
    place = Line(
        "Lieu ou unité de travail", validators=[_LONGEST], description="Vide : tout l’établissement."
    )
    courses = ByLines(
        "Formations",
        reading.lines,
        validators=[Needed(), AtMost(60)],
        description="Une par ligne : intitulé, ou code MEF.",
    )
    works = ByLines(
        "Travaux (numéros D. 4153-…)",
        reading.lines,
        validators=[Needed(), AtMost(60)],
        description="Un numéro par ligne.",
    )
    equipment = Line("Équipements", validators=[_LONGEST])
    supervisor = Line("Qui encadre", validators=[_LONGEST])

    def values(self) -> dict[str, Any]:
        """Return the declaration's columns."""
        lines = {"courses": self.courses.data, "works": self.works.data, "sent_on": self.sent_on.data}
        return lines | {name: self[name].data or "" for name in ("place", "equipment", "supervisor")}
