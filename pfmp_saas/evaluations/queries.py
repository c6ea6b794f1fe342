"""Reading evaluations, and when one may be given."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.years import school_year
from pfmp_saas.evaluations.checks import alarm
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.types.model import Evaluation as Questionnaire
from pfmp_saas.types.revisions.use_cases import type_of


def questionnaire(session: Session, convention: Convention) -> Questionnaire:
    """Return the questions that a convention's type asks."""
    return type_of(session, convention).evaluation


def is_open(convention: Convention, today: date) -> bool:
    """Tell whether the student may answer: the convention is signed and its last day has come."""
    ended = convention.ends_on is not None and today >= convention.ends_on
    return convention.state == ConventionState.SIGNED and ended


def of_convention(session: Session, convention_id: uuid.UUID) -> Evaluation | None:
    """Return a convention's evaluation, or None."""
    return session.scalars(select(Evaluation).where(Evaluation.convention_id == convention_id)).one_or_none()


LEAST = 3
"""Answers from which on a figure is shown: fewer would say who answered what."""
_LOW = 0.6
"""Of the best mark: below, whoever prepares a convention there is warned."""


@dataclass(frozen=True)
class Year:
    """The mean of a school year, named by the September in which it opens, and how many answered."""

    year: int
    average: float
    number: int


@dataclass(frozen=True)
class Rating:
    """What pupils think of a host, for the staff only (L124-4): how many answered and, from three on, the mean of their marks.

    ``years`` are the school years with three answers or more, the latest first; ``alarms`` how many of the answers say
    that safety or respect failed.
    """

    number: int
    out_of: int
    average: float | None
    years: tuple[Year, ...]
    alarms: int

    @property
    def is_low(self) -> bool:
        """Tell whether who prepares a convention there should know."""
        return bool(self.alarms) or (self.average is not None and self.average < _LOW * self.out_of)


def rating(session: Session, conventions: Sequence[Convention]) -> Rating | None:
    """Return the pupils' rating of the placements of ``conventions``; None without an answer."""
    by_id = {row.id: row for row in conventions}
    marks: dict[int, list[float]] = {}
    out_of = alarms = 0
    for row in session.scalars(select(Evaluation).where(Evaluation.convention_id.in_(by_id))):
        convention = by_id[row.convention_id]
        asked = questionnaire(session, convention)
        scale = asked.scale
        given_marks = [len(scale) - scale.index(each) for each in row.answers.values() if each in scale]
        if given_marks:
            year = school_year(convention.ends_on) if convention.ends_on else 0
            marks.setdefault(year, []).append(sum(given_marks) / len(given_marks))
            out_of, alarms = max(out_of, len(scale)), alarms + bool(alarm(asked, row.answers))
    every = [mark for year in marks.values() for mark in year]
    if not every:
        return None
    years = (Year(year, fmean(each), len(each)) for year, each in sorted(marks.items(), reverse=True))
    average = fmean(every) if len(every) >= LEAST else None
    return Rating(len(every), out_of, average, tuple(each for each in years if each.number >= LEAST), alarms)


def given(session: Session, conventions: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of these conventions that were evaluated already."""
    statement = select(Evaluation.convention_id).where(Evaluation.convention_id.in_(conventions))
    return set(session.scalars(statement))
