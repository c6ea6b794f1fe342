"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pfmp_saas.law.checks.case import Case

Severity = Literal["block", "warn"]
BLOCK: Severity = "block"
WARN: Severity = "warn"


@dataclass(frozen=True)
class Finding:
    """A fault of a convention: ``message`` in French with the case's figures, ``where`` a path of FILE.json."""

    code: str
    severity: Severity
    source: str
    message: str
    where: str


@dataclass(frozen=True)
class Found:
    """What a rule's function yields. Those of one ``where`` and ``kind`` are told once, with the first day."""

    where: str
    message: str
    kind: str = ""
    day: date | None = None
    severity: Severity | None = None


Check = Callable[[Case], Iterator[Found]]


@dataclass(frozen=True)
class Rule:
    """A rule of the law.

    ``since`` and ``until`` are the first and last day on which it is in force, judged on the placement's
    first day. ``topic`` names the article of the convention's model to cite beside the law. From an ``overridable``
    one the head of school may derogate where the model says so, which turns a block into a warning.
    ``test`` names the test that holds the rule.
    """

    code: str
    name: str
    severity: Severity
    source: str
    since: date
    until: date | None
    topic: str
    test: str
    overridable: bool
    check: Check

    def in_force(self, day: date | None) -> bool:
        """Tell whether the rule bears on a placement that begins on ``day``; without a day, always."""
        return day is None or (self.since <= day and (self.until is None or day <= self.until))


# The codes of the contract, in the order in which findings are told.
CODES = (
    "daily-hours", "weekly-hours", "break", "daily-rest", "weekly-rest", "sunday", "night", "public-holiday",
    "minimum-age", "regulated-work-age", "regulated-work-forbidden", "derogation-missing", "derogation-expired",
    "medical-opinion-missing", "annex-required", "referent-cap", "tutor-cap", "host-cap", "duration-max",
    "gratification-due", "waiting-period", "mention-missing", "overlap", "assessment-too-early", "address-invalid",
    "text-unprintable",
)  # fmt: skip
RULES: list[Rule] = []

# When the articles cited came into force in the shape that we apply.
LABOUR_CODE = date(2008, 5, 1)  # the labour code as numbered today
WORKING_TIME_ACT = date(2016, 8, 10)  # law 2016-1088, articles L3121-16 and following
INTERNSHIP_ACT = date(2014, 12, 1)  # law 2014-788 and decree 2014-1420
INTERNSHIP_CAPS = date(2015, 10, 29)  # decree 2015-1359
ELECTRICAL_RISK = date(2011, 7, 1)  # decree 2010-1118, articles R4544-9 and following
YOUNG_WORKERS = date(2013, 10, 14)  # decrees 2013-914 and 2013-915
PLACEMENT_CIRCULAR = date(2016, 3, 31)  # circular 2016-053 of 29 March 2016, as published
COLLECTIVE_WORK = date(2019, 1, 1)  # law 2018-771, decree 2018-1139: L3162-1 for conventions concluded since
REGULATED_WORKS = date(2015, 5, 2)  # decrees 2015-443 and 2015-444


def rule(
    code: str,
    *,
    source: str,
    since: date,
    test: str,
    topic: str = "",
    severity: Severity = BLOCK,
    until: date | None = None,
    overridable: bool = False,
) -> Callable[[Check], Check]:
    """Register a function as a rule; see :class:`Rule`."""

    def register(check: Check) -> Check:
        name = check.__name__
        RULES.append(Rule(code, name, severity, source, since, until, topic, test, overridable, check))
        return check

    return register
