"""The facts of a convention, typed and frozen: what the checks read. FILE.json is their written form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pfmp_saas.core.identifiers import is_siret
from pfmp_saas.core.json_data import InvalidData, shown
from pfmp_saas.law.convention_file import validate
from pfmp_saas.law.money.allowance import Level, guess_level
from pfmp_saas.law.presence import Hours, Period, Presence
from pfmp_saas.law.reader import Reader, filled_paths, is_blank, written_texts
from pfmp_saas.law.teaching import teaching_year
from pfmp_saas.law.territories import place_code

PostKnown = Literal["said", "tutor", "pupil"]
"""How we know that a placement was on the same post: somebody said so, or the tutor or the pupil is the same."""
_LEVELS = ("asbestos_level", "ionising_category")


@dataclass(frozen=True)
class Override:
    """A derogation that the head of school recorded: the code of the check, why, and who."""

    code: str
    reason: str
    by: str


@dataclass(frozen=True)
class Host:
    """What the checks read of the host. ``trainees`` counts this one; ``weekly_hours`` is its own agreement."""

    territory: str | None
    staff: int | None
    weekly_hours: Decimal | None
    modulated: bool
    commune_good_friday: bool
    derogation_sent_on: date | None
    trainees: int | None
    academic_order: bool
    hours_done: Decimal
    previous_placement: Period | None
    previous_known_by: PostKnown = "said"


@dataclass(frozen=True)
class Student:
    """What the checks read of the pupil; ``elsewhere`` holds the placements of his or her other conventions.

    ``loads_fitness_on`` dates the opinion on loads: fit, and nothing else, is known. ``sequences_done`` counts
    the cycle's earlier sequences, those of this convention apart.
    """

    birth_date: date | None
    medical_opinion_on: date | None
    appropriate_rhythm: bool
    loads_fitness_on: date | None
    electrical_training_on: date | None
    electrical_habilitation_on: date | None
    course_outside_school_time: bool
    cycle_weeks: int | None
    sequences_done: int | None
    personalised_course: bool
    medical_opinion_reserved: bool
    level: Level | None
    elsewhere: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Facts:
    """A convention as the checks read it; absent facts are None or empty.

    ``timetable`` and ``school_timetable`` hold seven days, Monday first; ``days`` and ``school_days`` the
    dated exceptions. ``school_holidays`` are those of the pupil's school. ``abroad`` names what is said of a placement
    abroad, ``levels`` the level of works that have one. ``filled`` holds the dotted path of every fact that is there
    and not blank, ``texts`` every text as it is written, by its path. Money is in euros.
    """

    type: str
    uai: str | None
    host: Host
    student: Student
    periods: tuple[Period, ...]
    timetable: tuple[Hours, ...]
    days: Mapping[date, Hours]
    school_timetable: tuple[Hours, ...]
    school_days: Mapping[date, Hours]
    school_holidays: tuple[Period, ...]
    school_territory: str | None
    teaching_year_opens: date | None
    works: tuple[str, ...]
    loads_planned: bool
    electrical_planned: bool
    pupils_followed: int | None
    running_conventions: int | None
    hourly_gratification: Decimal | None
    branch_minimum: Decimal | None
    rate_follows_year: bool
    abroad: frozenset[str]
    out_of_france: bool
    levels: Mapping[str, str]
    overrides: tuple[Override, ...]
    filled: frozenset[str]
    texts: Mapping[str, str]

    @property
    def presence(self) -> Presence:
        """Return when the pupil is present at the host."""
        host = self.host
        return Presence(
            self.periods,
            self.timetable,
            self.days,
            host.territory,
            host.commune_good_friday,
            self.out_of_france,
        )

    def teaching_year(self, day: date) -> int:
        """Return the teaching year of a day at the school's place, named by the civil year in which it opens."""
        return teaching_year(day, self.school_territory, self.teaching_year_opens)


def parse(data: object) -> Facts:
    """Return the facts in ``data``, the JSON value of FILE.json. Raises InvalidData that says what is wrong and where.

    A day is refused when a stretch ends before it starts or two overlap: work that crosses midnight is
    written on both days, up to 24:00 then from 00:00.
    """
    validate(data)
    assert isinstance(data, Mapping)
    read = Reader(data)
    presence = read.presence
    _identifiers(read)
    return Facts(
        type=data["type"],
        uai=read.text("school.uai") or None,
        host=_host(read),
        student=_student(read),
        periods=presence.periods,
        timetable=presence.week,
        days=presence.days,
        school_timetable=read.week("school_timetable"),
        school_days=read.dated("school_days"),
        school_territory=place_code(read.text("school.territory")) or None,
        teaching_year_opens=read.day("school.teaching_year_opens"),
        school_holidays=tuple(sorted(read.periods("school.holidays"))),
        **_works(read),
        pupils_followed=read.integer("referent.pupils_followed"),
        running_conventions=read.integer("tutor.running_conventions"),
        hourly_gratification=read.decimal("finance.gratification.hourly"),
        rate_follows_year=read.flag("finance.gratification.follows_year"),
        branch_minimum=read.decimal("finance.gratification.branch_minimum"),
        abroad=frozenset(name for name, value in read.mapping("abroad").items() if not is_blank(value)),
        out_of_france=presence.abroad,
        overrides=tuple(
            Override(item["code"], item["reason"], item["by"]) for item in read.items("overrides")
        ),
        filled=frozenset(filled_paths(data)),
        texts=dict(written_texts(data)),
    )


def _works(read: Reader) -> dict[str, Any]:
    return {
        "works": tuple(dict.fromkeys(read.texts("works"))),
        "loads_planned": read.flag("regulated.loads_planned"),
        "electrical_planned": read.flag("regulated.electrical_planned"),
        "levels": {name: level for name in _LEVELS if (level := read.text(f"regulated.{name}"))},
    }


def _host(read: Reader) -> Host:
    return Host(
        territory=read.presence.territory,
        staff=read.integer("host.staff"),
        weekly_hours=read.decimal("host.weekly_hours"),
        modulated=read.flag("host.modulated"),
        commune_good_friday=read.presence.commune_good_friday,
        derogation_sent_on=read.day("host.derogation_sent_on"),
        trainees=read.integer("host.trainees"),
        academic_order=read.flag("host.academic_order"),
        hours_done=read.decimal("host.hours_done") or Decimal(0),
        previous_placement=read.period("host.previous_placement"),
    )


def _student(read: Reader) -> Student:
    return Student(
        birth_date=read.day("student.birth_date"),
        medical_opinion_on=read.day("student.medical_opinion_on"),
        appropriate_rhythm=read.flag("student.appropriate_rhythm"),
        loads_fitness_on=read.day("student.loads_fitness_on"),
        electrical_training_on=read.day("student.electrical_training_on"),
        electrical_habilitation_on=read.day("student.electrical_habilitation_on"),
        course_outside_school_time=read.flag("student.course_outside_school_time"),
        cycle_weeks=read.integer("student.cycle_weeks"),
        sequences_done=read.integer("student.sequences_done"),
        personalised_course=read.flag("student.personalised_course"),
        medical_opinion_reserved=read.flag("student.medical_opinion_reserved"),
        level=guess_level(read.text("student.diploma"), read.text("student.class_name")),
    )


def _identifiers(read: Reader) -> None:
    read.day("school.board_date")
    siret = read.text("host.siret")
    if siret and not is_siret(siret):
        raise InvalidData("host.siret", f"{shown(siret)} n’est pas un SIRET : un chiffre est faux ou manque")
