"""The form of an amendment: the convention as it is signed, with what the parties change."""

from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import HiddenField

from pfmp_saas.amendments import errors
from pfmp_saas.amendments.states import NATURES, OUTCOMES
from pfmp_saas.amendments.use_cases import Wish
from pfmp_saas.conventions import forms, inputs
from pfmp_saas.conventions.hours import shown_week
from pfmp_saas.conventions.steps import Field, steps_of
from pfmp_saas.core import reading
from pfmp_saas.core.fields import Area, Choice, Day
from pfmp_saas.core.forms import AtMost, Needed, made
from pfmp_saas.types.model import ConventionType

MOST_PERIODS = 6
_SECTIONS = (
    ("horaires", ("days",)),
    ("entreprise", ("host.representative.",)),
    ("encadrement", ("tutor.", "referent.")),
    ("annexes", ("objectives", "activities", "supervision", "assessment", "finance.", "vehicle.")),
    ("eleve", ("student.guardian.", "student.address", "student.phone", "student.email")),
    ("securite", ("",)),
    ("frais", ("",)),
    ("modele", ("",)),
    ("etablissement", ("",)),
)
"""Which fields of which step of the convention's own form an amendment may change."""


CORRECTED = (
    ("eleve", ("student.first_name", "student.last_name", "student.email", "student.guardian.")),
    ("horaires", ("days",)),
    ("entreprise", ("host.name", "host.address", "host.phone", "host.representative.")),
    ("encadrement", ("tutor.", "referent.")),
    ("annexes", ("objectives", "activities", "supervision", "assessment")),
)
"""Which fields a correction before the last signature may change."""
Sections = tuple[tuple[str, tuple[str, ...]], ...]


def fields_of(kind: ConventionType, sections: Sections = _SECTIONS) -> dict[str, tuple[Field, ...]]:
    """Return the fields that an amendment to a convention of this type asks, by step of the convention's form."""
    steps = steps_of(kind)
    return {
        slug: tuple(field for field in steps[slug].fields if field.path.startswith(paths))
        for slug, paths in sections
        if slug in steps
    }


class AmendmentForm(forms.StepForm):
    """What an amendment changes, why, and what becomes of the period."""

    nature = Choice("Nature de l’avenant", choices=list(NATURES.items()), validate_choice=False)
    reason = Area(
        "Motif imprimé sur l’avenant",
        description="Sans aucun détail de santé : « interruption pour un motif prévu par la convention » suffit.",
        validators=[Needed(errors.NoReason.sentence), AtMost(reading.LONGEST)],
    )
    outcome = Choice(
        "Si la période n’est pas faite en entier", choices=list(OUTCOMES.items()), validate_choice=False
    )

    confirmed = HiddenField()

    def wish(self, data: Mapping[str, Any]) -> Wish | None:
        """Return what the form asks over the present ``data``; None where a part of it is refused."""
        self.validate()
        if self.nature.data not in NATURES:
            self.nature.errors = ["Choisissez la nature de l’avenant."]
        if (self.outcome.data or "") not in OUTCOMES:
            self.outcome.errors = ["Choisissez l’une des réponses."]
        week, periods = self.week(data), self._periods()
        if self.problems:
            return None
        ours = {"nature", "reason", "outcome", "confirmed"}
        values = {
            name: value
            for name, value in self.values().items()
            if name not in ours
            and not name.startswith("periods.")
            and name.partition(".")[0] not in forms.DAYS
        }
        changed = forms.merge(data, {**values, "timetable": week, "periods": periods})
        return Wish(self.nature.data, self.reason.data, self.outcome.data or None, changed)

    def _periods(self) -> list[dict[str, str]]:
        """Return the rows that are filled; each has a start and an end, in order, and none overlaps the one before."""
        periods: list[dict[str, str]] = []
        for start, end in self._rows():
            if not (start.data and end.data):
                end.errors = end.errors or ["Donnez le début et la fin, ou laissez les deux vides."]
            elif end.data < start.data:
                end.errors = ["La fin précède le début."]
            elif periods and start.data.isoformat() <= periods[-1]["end"]:
                start.errors = ["Cette période commence avant la fin de la précédente."]
            else:
                periods.append({"start": start.data.isoformat(), "end": end.data.isoformat()})
        if not periods and not any(field.errors for row in self.all_rows() for field in row):
            self["periods.0.start"].errors = ["Donnez au moins une période."]
        return periods

    def _rows(self) -> Iterator[tuple[Day, Day]]:
        return (
            (start, end) for start, end in self.all_rows() if any(f.data or f.errors for f in (start, end))
        )

    def all_rows(self) -> list[tuple[Day, Day]]:
        """Return the fields of every period, start and end."""
        return [(self[f"periods.{rank}.start"], self[f"periods.{rank}.end"]) for rank in range(MOST_PERIODS)]

    def shown_rows(self) -> list[tuple[Day, Day]]:
        """Return the rows to show: those up to the last that is filled, and one more."""
        filled = [rank for rank, row in enumerate(self.all_rows()) if any(field.text for field in row)]
        return self.all_rows()[: max(filled, default=-1) + 2]


def amendment_form(
    kind: ConventionType,
    data: Mapping[str, Any],
    referents: inputs.Choices,
    known: Mapping[str, Any] | None = None,
    sections: Sections = _SECTIONS,
) -> AmendmentForm:
    """Return the form over a convention's ``data``; ``known`` are the nature, reason and outcome of a draft."""
    asked = [field for fields in fields_of(kind, sections).values() for field in fields]
    fields: dict[str, Any] = {field.path: inputs.field_of(field, referents) for field in asked}
    fields |= inputs.week_fields()
    fields |= {
        f"periods.{rank}.{end}": Day("Du" if end == "start" else "Au")
        for rank in range(MOST_PERIODS)
        for end in inputs.ENDS
    }
    shown = (
        {field.path: inputs.present(data, field) for field in asked} | shown_week(data) | _shown_periods(data)
    )
    return made(AmendmentForm, fields, data={**shown, **(known or {})})


def _shown_periods(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"periods.{rank}.{end}": reading.as_date(period[end])
        for rank, period in enumerate(data.get("periods") or [])
        for end in inputs.ENDS
        if period.get(end)
    }
