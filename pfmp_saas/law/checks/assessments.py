"""Assessment during a placement: none that counts for the diploma in the first years."""

import re
from collections.abc import Iterator

from pfmp_saas.core.text import fold
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import PLACEMENT_CIRCULAR, WARN, Found, rule
from pfmp_saas.law.money.allowance import Level

_EARLY: dict[Level, str] = {"seconde": "en seconde professionnelle", "cap-1": "en première année de CAP"}
_CERTIFYING = r"(?:certificati\w+|certifiant\w*|ccf|controle(?:s)? en cours de formation)"
_SAYS = re.compile(rf"\b{_CERTIFYING}\b")
_DENIES = re.compile(
    rf"\b(?:non|pas|aucun|aucune|sans|ni|jamais)\b(?: [\w-]+){{0,3}} {_CERTIFYING}\b|\b{_CERTIFYING}(?: [\w-]+){{0,2}} (?:exclue?s?|interdite?s?)\b"
)


@rule(
    "assessment-too-early",
    source="circulaire n° 2016-053 du 29 mars 2016, 3.5",
    since=PLACEMENT_CIRCULAR,
    severity=WARN,
    test="test_no_certifying_assessment_in_the_first_year",
)
def assessment_too_early(case: Case) -> Iterator[Found]:
    """Education: no certifying assessment in seconde professionnelle or in the first year of CAP."""
    when = _EARLY.get(case.facts.student.level) if case.facts.student.level else None
    if when is None or not case.profile.counts_sequences:
        return
    if certifying(case.facts.texts.get("assessment", "")):
        message = f"évaluation certificative prévue {when} : aucune évaluation d’une PFMP n’y compte pour le diplôme"
        yield Found("assessment", message)


def certifying(text: str) -> bool:
    """Tell whether a text announces an assessment that counts for the diploma."""
    plain = re.sub(r"[^\w-]+", " ", fold(text))
    return bool(_SAYS.search(_DENIES.sub(" ", plain)))
