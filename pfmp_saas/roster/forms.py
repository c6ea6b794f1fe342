"""Forms of the roster: files handed over, a pupil, a course, a class, the new year."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, MultipleFileField

from pfmp_saas.core import reading
from pfmp_saas.core.fields import By, ByLines, Choice, Day, Email, Line, Phone, Tick
from pfmp_saas.core.forms import AtMost, Form, Needed, made
from pfmp_saas.roster.models import Course, Student
from pfmp_saas.roster.reading.files import Source
from pfmp_saas.roster.use_cases import NewYear, Person

_LONGEST = AtMost(300)
_TEXTS = ("first_name", "class_name", "email", "phone", "address", "mef", "diploma", "course_title")
_BECOMES, _LEAVES = "devient-", "sortent-"


class FilesForm(Form):
    """The files of a list of pupils."""

    liste = MultipleFileField("Fichiers de l’établissement")

    def sources(self) -> list[Source]:
        """Return the files sent, under the names that they had; none where none is."""
        sent = [each for each in self.liste.data or () if getattr(each, "filename", "")]
        return [Source(each.filename, each.read()) for each in sent]


def _mef(text: str) -> str | None:
    digits = re.sub(r"\s", "", text)
    if digits and not re.fullmatch(r"[0-9]{10,11}", digits):
        raise ValueError("Un code MEF a dix chiffres, onze dans SIECLE.")
    return digits or None


class PupilForm(Form):
    """A pupil and one or two guardians."""

    last_name = Line("Nom", validators=[Needed(), _LONGEST])
    first_name = Line("Prénom", validators=[_LONGEST])
    birth_date = Day("Date de naissance", validators=[Needed()])
    class_name = Line("Classe", validators=[AtMost(60)])
    email = Email("Courriel")
    phone = Phone("Téléphone", validators=[AtMost(40)])
    address = Line("Adresse postale", validators=[_LONGEST])
    mef = By(
        "Code MEF de la formation", _mef, description="La formation donne alors diplôme, intitulé et heures."
    )
    diploma = Line("Diplôme préparé", validators=[_LONGEST])
    course_title = Line("Intitulé de la formation", validators=[_LONGEST])
    course_hours = By("Heures de la formation", reading.whole_number)
    medical_opinion_on = Day("Avis médical du")
    guardian1_name = Line("Représentant 1 : nom", validators=[AtMost(200)])
    guardian1_email = Email("Représentant 1 : courriel", description="Sans courriel, il signe sur papier.")
    guardian1_phone = Phone("Représentant 1 : téléphone", validators=[AtMost(40)])
    guardian2_name = Line("Représentant 2 : nom", validators=[AtMost(200)])
    guardian2_email = Email("Représentant 2 : courriel")
    guardian2_phone = Phone("Représentant 2 : téléphone", validators=[AtMost(40)])
    second_first = Tick("Le représentant 2 signe en premier")

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, then that a guardian who has an address has a name."""
        super().validate(extra_validators)
        for rank in ("guardian1", "guardian2"):
            name = self[f"{rank}_name"]
            known = self[f"{rank}_email"].data or self[f"{rank}_phone"].data
            if known and not name.data and not name.errors:
                name.errors = ["Donnez son nom."]
        return not self.wrong

    def values(self) -> dict[str, Any]:
        """Return the pupil's columns."""
        texts = {name: self[name].data or "" for name in _TEXTS}
        whole = ("last_name", "birth_date", "course_hours", "medical_opinion_on")
        return texts | {name: self[name].data for name in whole}

    def guardians(self) -> list[Person]:
        """Return the guardians in the order in which they sign."""
        people = [
            Person(
                self[f"{rank}_name"].data, self[f"{rank}_email"].data or "", self[f"{rank}_phone"].data or ""
            )
            for rank in ("guardian1", "guardian2")
            if self[f"{rank}_name"].data
        ]
        return people[::-1] if self.second_first.data else people


def pupil_form(row: Student | None, *, sent: bool = True) -> PupilForm:
    """Return the form of a pupil, blank for a new one; not ``sent`` where the request is about something else."""
    more: dict[str, Any] = {} if sent else {"formdata": None}
    if row is None:
        return PupilForm(**more)
    told = {
        f"guardian{each.position}_{name}": getattr(each, name)
        for each in row.guardians[:2]
        for name in ("name", "email", "phone")
    }
    return PupilForm(obj=row, data=told, **more)


class LeavingForm(Form):
    """The day from which a pupil is at the school no more."""

    left_on = Day("N’est plus dans l’établissement depuis le", validators=[Needed()])


class CourseForm(Form):
    """A course; the choices of its type are given by the page."""

    mef = By("Code MEF", lambda text: (_mef(text) or "")[:10] or None, validators=[Needed()])
    diploma = Line(
        "Diplôme préparé",
        validators=[Needed(), _LONGEST],
        description="« Baccalauréat professionnel », par exemple.",
    )
    title = Line("Intitulé de la formation", validators=[Needed(), _LONGEST])
    hours = By("Heures de PFMP prévues", reading.whole_number)
    type_slug = Choice("Convention-type")
    works = ByLines(
        "Travaux réglementés habituels (numéros D. 4153-…)",
        reading.lines,
        description="Un numéro par ligne.",
    )

    def values(self) -> dict[str, Any]:
        """Return the course's columns."""
        return {
            "mef": self.mef.data,
            "diploma": self.diploma.data,
            "title": self.title.data,
            "hours": self.hours.data,
            "type_slug": self.type_slug.data or "",
            "works": self.works.data or [],
        }


def course_form(types: Mapping[str, str], row: Course | None, mef: str = "") -> CourseForm:
    """Return the form of a course, or of a new one of a MEF; ``types`` are titles of convention types by their slug."""
    form = CourseForm(obj=row) if row else CourseForm(data={"mef": mef})
    form.type_slug.choices = [("", "celle de l’établissement"), *types.items()]
    if row:
        form.mef.data = row.mef
    return form


class ClassCourseForm(Form):
    """The course that the pupils of a class follow."""

    class_name = Choice("Classe", validators=[Needed()])
    mef = Choice("Formation", validators=[Needed()])


def class_course_form(classes: Sequence[str], courses: Sequence[Course]) -> ClassCourseForm:
    """Return the form by which a class is given its course."""
    form = ClassCourseForm()
    form.class_name.choices = [("", "choisir…"), *((name, name) for name in classes if name)]
    form.mef.choices = [("", "choisir…"), *((each.mef, f"{each.diploma} {each.title}") for each in courses)]
    return form


class NewYearForm(Form):
    """What becomes of each class; its fields are added by :func:`new_year_form`, ``shown`` says on which pupils they were asked."""

    shown = HiddenField()

    def year(self, classes: Sequence[str]) -> NewYear:
        """Return what was asked."""
        names = {name: self[f"{_BECOMES}{rank}"].data or "" for rank, name in enumerate(classes)}
        leave = frozenset(name for rank, name in enumerate(classes) if self[f"{_LEAVES}{rank}"].data)
        return NewYear(names, leave, self.shown.data or "")


def new_year_form(classes: Sequence[str]) -> NewYearForm:
    """Return the form of the new year, each class with the name that it usually takes."""
    fields: dict[str, Any] = {}
    for rank, name in enumerate(classes):
        guess = promoted(name)
        fields[f"{_BECOMES}{rank}"] = Line(f"{name} devient", default=guess or "", validators=[AtMost(60)])
        fields[f"{_LEAVES}{rank}"] = Tick(
            f"Les élèves de {name} quittent tous l’établissement", default=guess is None
        )
    return made(NewYearForm, fields)


def promoted(name: str) -> str | None:
    """Return the name that a class usually takes the year after, None where its pupils leave, the same where nobody knows.

    2MV1 → 1MV1 → TMV1 → leave; 1CAP → 2CAP → leave.
    """
    if re.match(r"^(t|term|tle)", name, re.IGNORECASE) or re.match(r"^2 ?(cap|bts)", name, re.IGNORECASE):
        return None
    if re.match(r"^1 ?(cap|bts)", name, re.IGNORECASE):
        return f"2{name[1:]}"
    return {"2": f"1{name[1:]}", "1": f"T{name[1:]}"}.get(name[:1], name)
