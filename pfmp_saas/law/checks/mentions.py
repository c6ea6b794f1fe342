"""The fifteen mentions of D124-4, and what else a convention must say before it is sent."""

from collections.abc import Iterator

from pfmp_saas.core.identifiers import is_uai
from pfmp_saas.law.checks import words
from pfmp_saas.law.checks.case import Case, WorkedDay
from pfmp_saas.law.checks.forbidden import EVENING, MORNING
from pfmp_saas.law.checks.model import INTERNSHIP_ACT, WARN, Found, rule
from pfmp_saas.law.checks.weekly import SUNDAY

# Without these nobody knows who signs, and age cannot be reckoned.
_PARTIES = {
    "school.name": "nom de l’établissement",
    "school.head.name": "nom du chef d’établissement",
    "host.name": "nom de l’organisme d’accueil",
    "host.representative.name": "nom du représentant de l’organisme d’accueil",
    "student.last_name": "nom de l’élève",
    "student.birth_date": "date de naissance de l’élève",
}


@rule(
    "mention-missing",
    source="code de l’éducation, art. D. 124-4",
    since=INTERNSHIP_ACT,
    test="test_each_required_mention_is_missed",
)
def mandatory_mentions(case: Case) -> Iterator[Found]:
    """Each of the fifteen mentions that the convention's type carries in a field is filled."""
    for mention in case.profile.mentions:
        for path in mention.required:
            if not _said(case, path):
                yield Found(path, f"mention {mention.number} absente : {mention.label}", kind=path)


def _said(case: Case, path: str) -> bool:
    if path == "periods":
        return bool(case.facts.periods)
    if path == "timetable" and any(case.facts.days.values()):
        return True
    return path in case.facts.filled


@rule(
    "mention-missing",
    source="code de l’éducation, art. L. 124-1 et D. 124-4",
    since=INTERNSHIP_ACT,
    test="test_parties_are_named",
)
def parties(case: Case) -> Iterator[Found]:
    """Those who sign are named: school, host, pupil (some bear a single name), and the guardian of a minor."""
    absent = {path: name for path, name in _PARTIES.items() if path not in case.facts.filled}
    first = case.first_day
    age = case.age(first) if first else None
    if age is not None and age < 18 and "student.guardian.name" not in case.facts.filled:
        absent["student.guardian.name"] = f"nom du représentant légal d’un élève de {age}{words.NBSP}ans"
    yield from (Found(path, f"mention absente : {name}") for path, name in absent.items())
    if {"student.first_name", "student.last_name"} & case.facts.filled == {"student.last_name"}:
        message = "prénom de l’élève absent : à laisser ainsi s’il n’a qu’un nom"
        yield Found("student.first_name", message, severity=WARN)


@rule(
    "mention-missing",
    source="identité de l’organisme : répertoire SIRENE (code de commerce, art. R. 123-220)",
    since=INTERNSHIP_ACT,
    severity=WARN,
    test="test_a_host_has_a_siret_or_says_why_not",
)
def host_number(case: Case) -> Iterator[Found]:
    """The host has its SIRET, or it is said why it has none; its name and address are then its identity."""
    filled = case.facts.filled
    if not {"host.siret", "host.without_siret"} & filled:
        yield Found(
            "host.siret", "SIRET de l’organisme d’accueil absent : donnez-le, ou dites pourquoi il n’en a pas"
        )
    elif "host.siret" not in filled and "host.address" not in filled:
        yield Found(
            "host.address", "adresse absente d’un organisme sans SIRET : avec son nom, elle dit lequel il est"
        )


@rule(
    "mention-missing",
    source="code de l’éducation, art. L. 421-4 et R. 421-20",
    since=INTERNSHIP_ACT,
    severity=WARN,
    test="test_board_date_and_uai_are_warned_of",
)
def board_date(case: Case) -> Iterator[Found]:
    """The board's deliberation that adopted the model is dated."""
    if "school.board_date" not in case.facts.filled:
        yield Found("school.board_date", "date de la délibération du conseil d’administration absente")


@rule(
    "mention-missing",
    source="identifiant national des établissements (UAI)",
    since=INTERNSHIP_ACT,
    severity=WARN,
    test="test_board_date_and_uai_are_warned_of",
)
def school_number(case: Case) -> Iterator[Found]:
    """The school's UAI number has its right letter."""
    uai = case.facts.uai
    if uai and not is_uai(uai):
        yield Found(
            "school.uai", f"« {uai[:20]} » n’est pas un numéro UAI : sa lettre de contrôle est fausse"
        )


@rule(
    "mention-missing",
    source="code de l’éducation, art. D. 124-4 (5°)",
    since=INTERNSHIP_ACT,
    test="test_dated_hours_lie_inside_the_periods",
)
def days_outside(case: Case) -> Iterator[Found]:
    """Hours dated outside the periods are not covered by the convention: they would be employment."""
    inside = set(case.calendar)
    for day, hours in sorted(case.facts.days.items()):
        if hours and case.facts.periods and day not in inside:
            message = f"{words.day(day)} : présence hors des dates de la convention, qui ne la couvre pas"
            yield Found(f"days.{day.isoformat()}", message)


_SPECIAL = {"night": "la nuit", "sunday": "le dimanche", "holiday": "un jour férié"}


@rule(
    "mention-missing",
    source="code de l’éducation, art. D. 124-4 (6°)",
    since=INTERNSHIP_ACT,
    topic="hours",
    test="test_special_presence_is_said_with_its_compensating_rest",
)
def special_presence(case: Case) -> Iterator[Found]:
    """Presence at night, on Sunday or on a holiday is said; in agriculture its compensating rest as well."""
    kinds = {kind for day in case.present for kind in _kinds(case, day)}
    severity = None if case.profile.agricultural else WARN
    for kind in sorted(kinds):
        path = f"presence.{kind}"
        if path not in case.facts.filled:
            message = f"mention 6 absente : présence {_SPECIAL[kind]}"
            yield Found(path, message, severity=severity)
    if kinds and case.profile.agricultural and "presence.compensation" not in case.facts.filled:
        said = ", ".join(_SPECIAL[kind] for kind in sorted(kinds))
        message = f"mention 6 absente : repos compensateur de la présence {said}"
        yield Found("presence.compensation", message)


def _kinds(case: Case, day: WorkedDay) -> Iterator[str]:
    if any(slot.start < MORNING or slot.end > EVENING for slot in day.slots):
        yield "night"
    if day.date.weekday() == SUNDAY:
        yield "sunday"
    if day.date in case.holidays:
        yield "holiday"
