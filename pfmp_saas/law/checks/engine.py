"""Running the rules, and writing them as a table."""

from collections.abc import Iterable, Iterator

from pfmp_saas.law.checks import (
    age,
    annexes,
    assessments,
    caps,
    daily,
    durations,
    forbidden,
    mentions,
    regulated,
    safety,
    schooltime,
    texts,
    weekly,
)
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import BLOCK, CODES, RULES, WARN, Finding, Found, Rule, Severity
from pfmp_saas.law.checks.profile import Profile
from pfmp_saas.law.checks.words import french
from pfmp_saas.law.facts import Facts

MODULES = (
    age,
    annexes,
    assessments,
    caps,
    daily,
    durations,
    forbidden,
    mentions,
    regulated,
    safety,
    schooltime,
    texts,
    weekly,
)  # they fill RULES
ORDERED = tuple(sorted(RULES, key=lambda rule: CODES.index(rule.code)))
TOPICS = tuple(sorted({rule.topic for rule in ORDERED if rule.topic}))
"""The topics for which a model may name its articles."""


def run(facts: Facts, *, profile: Profile, blocking: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Return what the law reproaches to a convention, rule after rule; empty when nothing.

    ``profile`` is that of the convention's type. Only rules in force on the placement's first day are asked.
    ``blocking`` are the codes that the school makes blocking; a derogation recorded by the head is not undone by it.
    """
    case = Case(facts, profile)
    asked = (rule for rule in ORDERED if rule.in_force(case.first_day))
    return tuple(finding for rule in asked for finding in _findings(rule, case, blocking))


def _findings(rule: Rule, case: Case, blocking: frozenset[str]) -> Iterator[Finding]:
    source = " ; ".join(filter(None, (rule.source, case.profile.cite(rule.topic))))
    for found, others in _grouped(rule.check(case)):
        severity = BLOCK if rule.code in blocking else found.severity or rule.severity
        message = found.message + _same(others)
        recorded = _override(rule, case) if severity == BLOCK else ""
        if recorded:
            severity, message = WARN, f"{message} ; {recorded}"
        yield Finding(rule.code, severity, french(source), french(_capital(message)), found.where)


def _grouped(found: Iterable[Found]) -> Iterator[tuple[Found, int]]:
    """Yield the first of each place and kind, with the number of other days that are the same."""
    groups: dict[tuple[str, str, Severity | None], list[Found]] = {}
    for one in found:
        groups.setdefault((one.where, one.kind, one.severity), []).append(one)
    for group in groups.values():
        yield group[0], len({one.day for one in group}) - 1


def _same(others: int) -> str:
    return f" (de même {others} autre{'s' if others > 1 else ''} fois)" if others else ""


def _override(rule: Rule, case: Case) -> str:
    if not (rule.overridable and rule.code in case.profile.overridable):
        return ""
    recorded = next((one for one in case.facts.overrides if one.code == rule.code), None)
    return f"dérogation consignée par {recorded.by} : {recorded.reason}" if recorded else ""


def overridable(profile: Profile) -> frozenset[str]:
    """Return the codes on which the law and the model let the head of school record a derogation."""
    return frozenset(rule.code for rule in ORDERED if rule.overridable) & profile.overridable


def _capital(message: str) -> str:
    return message[:1].upper() + message[1:]


def rules_table() -> str:
    """Return every rule as a Markdown table: code, name, severity, source, dates in force, test."""
    lines = ["| Code | Rule | Severity | Source | In force | Test |", "|---|---|---|---|---|---|"]
    for rule in ORDERED:
        until = rule.until.isoformat() if rule.until else "…"
        cells = (
            rule.code,
            _summary(rule),
            rule.severity,
            french(rule.source),
            f"{rule.since} – {until}",
            rule.test,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _summary(rule: Rule) -> str:
    said = (rule.check.__doc__ or "").strip().partition("\n")[0]
    return f"`{rule.name}` {said}"
