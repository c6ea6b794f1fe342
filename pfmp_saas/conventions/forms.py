"""A step of a convention as a form, built from the step's data: what can be read, and French messages for the rest."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from pfmp_saas.conventions import filling, hours
from pfmp_saas.conventions.hours import DAY_NAMES, DAYS, HALVES, shown_week
from pfmp_saas.conventions.inputs import ENDS, SECOND, Choices, field_of, filling_fields, present, week_fields
from pfmp_saas.conventions.merging import Merged, reconcile
from pfmp_saas.conventions.models import Host
from pfmp_saas.conventions.steps import STEPS, Step
from pfmp_saas.core.fields import (
    Area,
    Email,
    Identifier,
    Input,
    Line,
    Several,
    Tick,
    identifier,
)
from pfmp_saas.core.forms import AtMost, Form, Needed, made
from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.core.spellings import Unread
from pfmp_saas.law.checks.words import duration
from pfmp_saas.law.reader import Reader
from pfmp_saas.roster.models import Student

__all__ = ["DAYS", "DAY_NAMES", "HALVES", "STEPS", "Step", "StepForm", "merge", "over", "read", "step_form"]
CONFLICT = "Quelqu’un d’autre a changé ce champ entre-temps : choisissez ce qui reste."
COPY = "copier"
"""What the button « Les mêmes du mardi au vendredi » sends in the place of the step that comes next."""
_OURS = ("vers", "kept", filling.PREFIX)
"""How the names of the form's fields begin that are none of the convention."""


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


class FilterForm(Form):
    """The name under which a filter of the board is kept."""

    name = Line("Nom du filtre", validators=[Needed("Donnez un nom à ce filtre."), AtMost(60)])


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
    unwritten: str | None = None
    filled = False
    """Whether hours written once for several days went into them: the page shows them before it is left."""

    def texts(self) -> dict[str, str]:
        """Return what every field shows, as text: what the page says that it had shown."""
        return {field.name: field.text for field in self._of_convention()}

    def _of_convention(self) -> Iterator[Any]:
        return (each for each in self if isinstance(each, Input) and not each.name.startswith(_OURS))

    @property
    def conflicts(self) -> Mapping[str, str]:
        """Return the texts that another has saved since, of the fields that this form changes too."""
        return self.merge.conflicts

    def values(self) -> dict[str, Any]:
        """Return what could be read, by path; what could not keeps its former value."""
        return {field.name: _stored(field) for field in self._of_convention() if not field.errors}

    def week(self, data: Mapping[str, Any]) -> dict[str, list[hours.Slot]] | None:
        """Return the usual week over the present ``data``, None where a part of it cannot be read or is in conflict.

        The reason stands beside that part. A day that was left as shown keeps all its ranges, those without input too.
        """
        week, wrong = hours.read_week(self._typed_week())
        for half, message in wrong.items():
            self[f"{half}.start"].errors = [message]
        if wrong or any(_of_week(name) for name in self.conflicts):
            return None
        return week | hours.left_as_shown(week, data)

    def _typed_week(self) -> dict[str, str]:
        return {name: field.text for name, field in self._fields.items() if _of_week(name)}

    def totals(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return the length of each day that has hours, and of the ``week``; none of what cannot be read yet."""
        week, wrong = hours.read_week(self._typed_week())
        minutes = {day: hours.minutes(week | hours.left_as_shown(week, data), day) for day in week}
        for half in wrong:
            minutes[half.partition(".")[0]] = 0
        whole = {} if wrong else {"week": sum(minutes.values())}
        return {name: duration(number) for name, number in (minutes | whole).items() if number}

    def said_of(self, day: str) -> list[str]:
        """Return what is wrong in the hours of a day of the week."""
        names = (f"{day}.{half}.start" for half, _ in HALVES)
        return [message for name in names for message in self[name].errors]


def over(
    sent: StepForm, again: Callable[[MultiDict[str, str] | None], StepForm], written: Mapping[str, str]
) -> StepForm:
    """Return a sent form merged over the draft as it is now; ``again`` makes the draft's form of texts.

    A field that somebody else changed meanwhile, and this form too, keeps what was typed and says what the other wrote.
    ``written`` are the texts of hours written once for several days, in the place of those that were sent.
    """
    present = again(None)
    texts = {**sent.texts(), **written}
    merge = reconcile(texts, _texts(sent.seen.data), present.texts(), sent.kept.data)
    form = again(MultiDict([*merge.texts.items(), ("vers", sent.vers.text), *_sent_beside(sent, written)]))
    form.merge, form.filled, form.unwritten = merge, bool(written), sent.unwritten
    return form


def _sent_beside(sent: StepForm, written: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a form sends that is no text of the convention: addresses that are right, hours written once.

    The latter are as a new page has them once they went into the week.
    """
    for field in sent:
        if isinstance(field, Email) and field.kept:
            yield field.answer, field.data
        if field.name.startswith(filling.PREFIX):
            values = (field.default or []) if written else (field.raw_data or [])
            yield from ((field.name, value) for value in values)


def written_once(sent: StepForm, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts that hours written once for several days give to the fields of a sent step, none for none.

    Where they cannot be written the form keeps why, for :func:`read` to put beside them.
    """
    if f"{filling.PREFIX}hours" not in sent:
        return {}
    if sent.vers.text == COPY:
        return filling.copied(sent.texts())
    asked = {name: sent[f"{filling.PREFIX}{name}"] for name in ("hours", "pauses", "days", "when")}
    if any(field.errors for field in asked.values()):
        return {}
    try:
        return filling.filled(
            sent.texts(), Reader(data), **{name: field.data for name, field in asked.items()}
        )
    except (Unread, InvalidData) as error:
        sent.unwritten = str(error)
        return {}


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
        fields = filling_fields() | week_fields() | fields
    known = {field.path: present(data, field) for field in step.fields} | shown_week(data)
    return made(StepForm, fields, data=known, **more)


def read(form: StepForm, step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """Validate a step's form and return what could be read of it over the present ``data``, by path."""
    form.validate()
    for name in form.conflicts:
        form[name].errors = [CONFLICT]
    if form.unwritten:
        form[f"{filling.PREFIX}hours"].errors = [form.unwritten]
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
