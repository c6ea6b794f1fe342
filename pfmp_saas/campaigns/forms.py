"""Forms of campaigns: opening one, correcting several drafts, sending those that are ready."""

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pfmp_saas.campaigns.use_cases import Correction, Plan
from pfmp_saas.core import reading
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.fields import Area, By, ByLines, Choice, Day, Line, Several, Tick
from pfmp_saas.core.forms import AtMost, Form, Needed, made

COMMON = {
    "objectives": "Objectifs et compétences à acquérir",
    "activities": "Activités prévues",
    "supervision": "Modalités de concertation et de suivi",
    "assessment": "Modalités d’évaluation",
}
"""Texts that a whole class shares, by their names in a convention's data."""
_LONGEST = 4000


def _area(name: str) -> Area:
    return Area(COMMON[name], validators=[AtMost(_LONGEST)])


def _lines(name: str) -> ByLines:
    return ByLines(COMMON[name], reading.lines, description="Un par ligne.")


class CampaignForm(Form):
    """A campaign to open; the fields ``heures-…``, one a referent, are added by :func:`campaign_form`."""

    class_name = Choice("Classe", validators=[Needed("Choisissez la classe.")])
    start = Day("Premier jour", validators=[Needed()])
    end = Day("Dernier jour", validators=[Needed()])
    second_start = Day("Premier jour de la deuxième période, s’il y en a une")
    second_end = Day("Dernier jour de la deuxième période")
    title = Line(
        "Nom de la campagne", description="Sans nom, la classe et les dates.", validators=[AtMost(120)]
    )
    prepared_on = Day("Semaine de préparation : à partir du")
    visited_by = Day("Visites préalables : jusqu’au")
    again = Tick(
        "Reprendre l’organisme, le tuteur et les horaires de la période précédente quand l’élève en a eu une"
    )
    sure = Tick("Ces dates sont les bonnes")
    objectives = _lines("objectives")
    activities = _lines("activities")
    supervision = _area("supervision")
    assessment = _area("assessment")

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, then the dates with one another."""
        super().validate(extra_validators)
        _in_order(self.start, self.end)
        _in_order(self.second_start, self.second_end)
        if bool(self.second_start.data) != bool(self.second_end.data) and not self.problems:
            self.second_end.errors = [
                "Donnez le début et la fin de la deuxième période, ou laissez-les vides."
            ]
        if self.second_start.data and self.end.data and self.second_start.data <= self.end.data:
            self.second_start.errors = ["La deuxième période commence après la fin de la première."]
        return not self.wrong

    @property
    def teachers(self) -> list[Any]:
        """Return the fields of the referents' hours."""
        return [field for field in self if field.name.startswith("heures-")]

    def plan(self, teachers: Mapping[str, str]) -> Plan:
        """Return what was typed; ``teachers`` are addresses by the name of their field."""
        pairs = [(self.start.data, self.end.data), (self.second_start.data, self.second_end.data)]
        return Plan(
            title=self.title.data or "",
            class_name=self.class_name.data,
            periods=[_period(first, last) for first, last in pairs if first and last],
            hours={teachers[field.name]: field.data for field in self.teachers if field.data},
            common={name: self[name].data for name in COMMON if self[name].data},
            prepared_on=self.prepared_on.data,
            visited_by=self.visited_by.data,
            again=self.again.data,
            sure=self.sure.data,
        )


def _period(first: date, last: date) -> dict[str, str]:
    return {"start": first.isoformat(), "end": last.isoformat()}


def _in_order(first: Day, last: Day) -> None:
    if first.data and last.data and last.data < first.data:
        last.errors = ["La fin précède le début."]


def campaign_form(
    classes: list[tuple[str, int]], teachers: Mapping[str, str], chosen: str | None = None
) -> tuple[CampaignForm, dict[str, str]]:
    """Return the form and the address of each referent by the name of its field; ``teachers`` are names by address."""
    names = {f"heures-{rank}": email for rank, email in enumerate(teachers)}
    fields = {name: By(teachers[email], reading.hours, _shown) for name, email in names.items()}
    form = made(CampaignForm, fields, data={"class_name": chosen})
    named = [(name, f"{name} ({number} élèves)") for name, number in classes if name]
    form.class_name.choices = [("", "choisir…"), *named]
    return form, names


def _shown(value: float | None) -> str:
    return "" if value is None else f"{Decimal(str(value)).normalize():f}".replace(".", ",")


class ChosenForm(Form):
    """Conventions that are ticked; who has no address may sign on paper."""

    convention = Several("", choices=[], validate_choice=False)
    on_paper = Tick("Qui n’a pas d’adresse électronique signera sur papier")

    def chosen(self) -> list[uuid.UUID]:
        """Return the identifiers. Raises NotFound for what is none."""
        try:
            return [uuid.UUID(text) for text in self.convention.raw_data or ()]
        except ValueError:
            raise NotFound from None


class CorrectionForm(ChosenForm):
    """What the ticked drafts take: a field left blank changes nothing."""

    referent = Choice("Enseignant référent", choices=[], validate_choice=False)
    start = Day("Premier jour de la période")
    end = Day("Dernier jour de la période")
    medical_opinion_on = Day("Avis médical du")
    objectives = _lines("objectives")
    activities = _lines("activities")
    supervision = _area("supervision")
    assessment = _area("assessment")

    def __init__(self, teachers: Mapping[str, str]) -> None:
        """Build the form; ``teachers`` are names by address."""
        super().__init__()
        self.referent.choices = [("", "ne pas changer"), *teachers.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, then the dates with one another."""
        super().validate(extra_validators)
        _in_order(self.start, self.end)
        if bool(self.start.data) != bool(self.end.data) and not self.problems:
            self.end.errors = ["Donnez le premier et le dernier jour, ou aucun des deux."]
        known = {value for value, _ in self.referent.choices}
        if self.referent.data and self.referent.data not in known:
            self.referent.errors = ["Choisissez un enseignant de la liste."]
        return not self.wrong

    def correction(self) -> Correction:
        """Return what is to change."""
        parts: dict[str, Any] = {name: self[name].data for name in COMMON if self[name].data}
        if self.referent.data:
            parts["referent"] = {"email": self.referent.data}
        if self.start.data and self.end.data:
            parts["periods"] = [_period(self.start.data, self.end.data)]
        return Correction(parts, self.medical_opinion_on.data)
