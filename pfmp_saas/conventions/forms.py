"""A step of a convention as a form, built from the step's data: what can be read, and French messages for the rest."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from pfmp_saas.conventions import hours
from pfmp_saas.conventions.hours import DAY_NAMES, DAYS, HALVES, shown_week
from pfmp_saas.conventions.inputs import ENDS, SECOND, Choices, field_of, present, week_fields
from pfmp_saas.conventions.merging import Merged, reconcile
from pfmp_saas.conventions.models import Host
from pfmp_saas.conventions.steps import STEPS, Step
from pfmp_saas.core.fields import (
    Area,
    Identifier,
    Input,
    Line,
    Several,
    Tick,
    identifier,
)
from pfmp_saas.core.forms import Form, made
from pfmp_saas.roster.models import Student

__all__ = ["DAYS", "DAY_NAMES", "HALVES", "STEPS", "Step", "StepForm", "merge", "over", "read", "step_form"]
CONFLICT = "Quelqu’un d’autre a changé ce champ entre-temps : choisissez ce qui reste."
_OURS = {"vers", "kept"}
"""Fields of the form that are none of the convention."""


class StudentForm(Form):
    """The pupil of a new convention, one that the school knows or none."""

    student_id = Identifier("Élève", validate_choice=False)

    def __init__(
        self, students: Iterable[Student], nobody: str = "Saisir un élève qui n’est pas dans la liste"
    ) -> None:
        """Build the form; ``nobody`` is what choosing none is called."""
        super().__init__()
        named = [
            (str(each.id), f"{each.last_name} {each.first_name} – {each.class_name}") for each in students
        ]
        self.student_id.choices = [("", nobody), *named]

    def chosen(self) -> uuid.UUID | None:
        """Return the pupil's identifier, None for none. Raises NotFound for what is no identifier."""
        return identifier(self.student_id)


class HostForm(Form):
    """A host that the school knows."""

    host_id = Identifier("Un organisme que l’établissement connaît", validate_choice=False)

    def __init__(self, hosts: Iterable[Host] = ()) -> None:
        """Build the form."""
        super().__init__()
        known = [(str(each.id), f"{each.name} – {each.siret}") for each in hosts]
        self.host_id.choices = [("", "choisir…"), *known]

    def chosen(self) -> uuid.UUID | None:
        """Return the host's identifier, None for none. Raises NotFound for what is no identifier."""
        return identifier(self.host_id)


class OverrideForm(Form):
    """Why a head derogates from a rule where the law allows it."""

    code = Line("")
    reason = Area("Motif de la dérogation que la loi permet ici")


class SendForm(Form):
    """Who has no address and will sign on paper, by the name of the signature's field."""

    on_paper = Several("", choices=[], validate_choice=False)

    def fields_on_paper(self) -> list[str]:
        """Return the names of the fields."""
        return list(self.on_paper.raw_data or ())


class Kept(Input):
    """What a person chose for each field in conflict, ``mine`` or ``theirs``: the fields ``garder:…``."""

    def process(self, formdata: Any, *_values: Any, **_more: Any) -> None:
        """Read every field of the name."""
        self.process_errors = list[str]()
        self.data = {name[7:]: formdata[name] for name in formdata or () if name.startswith("garder:")}


class StepForm(Form):
    """One step of the form of a convention. Its fields have the paths of their values as names."""

    seen = HiddenField()
    kept = Kept()
    vers = Line("")
    merge = Merged({})

    def texts(self) -> dict[str, str]:
        """Return what every field shows, as text: what the page says that it had shown."""
        return {
            field.name: field.text for field in self if isinstance(field, Input) and field.name not in _OURS
        }

    @property
    def conflicts(self) -> Mapping[str, str]:
        """Return the texts that another has saved since, of the fields that this form changes too."""
        return self.merge.conflicts

    def values(self) -> dict[str, Any]:
        """Return what could be read, by path; what could not keeps its former value."""
        return {
            field.name: _stored(field)
            for field in self
            if isinstance(field, Input) and not field.errors and field.name not in _OURS
        }

    def week(self, data: Mapping[str, Any]) -> dict[str, list[hours.Slot]] | None:
        """Return the usual week over the present ``data``, None where a part of it cannot be read or is in conflict.

        The reason stands beside that part. A day that was left as shown keeps all its ranges, those without input too.
        """
        typed = {name: field.typed or "" for name, field in self._fields.items() if _of_week(name)}
        week, wrong = hours.read_week(typed)
        for half, message in wrong.items():
            self[f"{half}.start"].errors = [message]
        if wrong or any(_of_week(name) for name in self.conflicts):
            return None
        return week | hours.left_as_shown(week, data)

    def said_of(self, day: str) -> list[str]:
        """Return what is wrong in the hours of a day of the week."""
        names = (f"{day}.{half}.start" for half, _ in HALVES)
        return [message for name in names for message in self[name].errors]


def over(sent: StepForm, again: Callable[[MultiDict[str, str] | None], StepForm]) -> StepForm:
    """Return a sent form merged over the draft as it is now; ``again`` makes the draft's form of texts.

    A field that somebody else changed meanwhile, and this form too, keeps what was typed and says what the other wrote.
    """
    present = again(None)
    merge = reconcile(sent.texts(), _texts(sent.seen.data), present.texts(), sent.kept.data)
    form = again(MultiDict({**merge.texts, "vers": sent.vers.text}))
    form.merge = merge
    return form


def _texts(sent: str | None) -> dict[str, str]:
    """Return the texts that a page says it had shown; none where it says nothing that can be read."""
    try:
        read = json.loads(sent or "{}")
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in read.items()} if isinstance(read, dict) else {}


def step_form(step: Step, data: Mapping[str, Any], referents: Choices, **more: Any) -> StepForm:
    """Return the form of a step, filled with a draft's ``data`` and with what was sent (or ``formdata``)."""
    fields = {field.path: field_of(field, referents) for field in step.fields}
    if step.slug == "horaires":
        fields = week_fields() | fields
    known = {field.path: present(data, field) for field in step.fields} | shown_week(data)
    return made(StepForm, fields, data=known, **more)


def read(form: StepForm, step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """Validate a step's form and return what could be read of it over the present ``data``, by path."""
    form.validate()
    for name in form.conflicts:
        form[name].errors = [CONFLICT]
    week = form.week(data) if step.slug == "horaires" else None
    values = {name: value for name, value in form.values().items() if not _of_week(name)}
    if week is not None:
        values["timetable"] = week
    if step.slug == "dates":
        _read_periods(form, values, data)
    return values


def _of_week(name: str) -> bool:
    return name.partition(".")[0] in DAYS


def _stored(field: Any) -> Any:
    """Return a field's value as the data keep it: nothing is None, a box left unticked too."""
    if isinstance(field, Tick):
        return True if field.data else None
    return field.data if field.data != "" else None


def _read_periods(form: StepForm, values: dict[str, Any], data: Mapping[str, Any]) -> None:
    """Two periods at most are typed; a file may hold more, and they stay."""
    first, second = (
        {end: values.pop(f"{prefix}{end}", None) for end in ENDS} for prefix in ("periods.", SECOND)
    )
    for prefix, period in (("periods.", first), (SECOND, second)):
        if period["start"] and period["end"] and period["end"] < period["start"]:
            form[f"{prefix}end"].errors = ["La fin précède le début."]
    if bool(second["start"]) != bool(second["end"]) and not form.problems:
        form[f"{SECOND}end"].errors = [
            "Donnez le début et la fin de la deuxième période, ou laissez-les vides."
        ]
    if not form.problems:
        later = list(data.get("periods") or [])[2:]
        whole = [period for period in (first, second) if period["start"] and period["end"]]
        values["periods"] = [*whole, *later]


def merge(data: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the top-level parts of the data that ``values``, by path, change."""
    changed: dict[str, Any] = {}
    for path, value in values.items():
        first, *rest = path.split(".")
        changed[first] = _put(changed.get(first, data.get(first)), rest, value)
    return changed


def _put(present: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    inner = dict(present or {})
    inner[path[0]] = _put(inner.get(path[0]), path[1:], value)
    return inner
