"""What is checked of a convention type before it is used: placeholders, mandatory mentions, the rules' data."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from pfmp_saas.law.checks import TOPICS, overridable
from pfmp_saas.types.derived import DERIVED
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.mentions import missing
from pfmp_saas.types.model import ConventionType, FieldRule, Mention
from pfmp_saas.types.substitution import check
from pfmp_saas.types.templates import TickT


def verify(kind: ConventionType) -> None:
    """Raise InvalidType for a type that may not be used as it is, naming what is wrong."""
    verify_placeholders(kind)
    _verify_rules(kind)
    absent = missing(kind)
    if absent:
        raise InvalidType(f"{kind.slug} : {' ; '.join(absent)}")


def fields_of(kind: ConventionType) -> frozenset[str]:
    """Return the closed list of placeholders that a type's texts may name."""
    return frozenset(name for name, _ in kind.fields) | frozenset(DERIVED)


def verify_placeholders(kind: ConventionType) -> None:
    """Raise InvalidType for an unknown placeholder or a stray brace."""
    allowed = fields_of(kind)
    for template in _strings(kind):
        check(template, allowed, kind.slug)


def _verify_rules(kind: ConventionType) -> None:
    """Raise InvalidType for a topic, an article or a derogation that the rules cannot know."""
    articles = dict(kind.rules.articles)
    numbers = {article.number for article in kind.articles}
    unknown = [
        *(topic for topic in articles if topic not in TOPICS),
        *(f"article {number}" for cited in articles.values() for number in cited if number not in numbers),
        *(code for code in kind.rules.overridable if code not in overridable(kind.rules)),
    ]
    if unknown:
        raise InvalidType(f"{kind.slug} : rules, « {unknown[0]} » est inconnu")


def _strings(value: object) -> Iterator[str]:
    """Yield every string of a type that may hold placeholders; data paths and rules are not templates."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, TickT):
        yield from (value.text, "{" + value.when + "}")
    elif is_dataclass(value) and not isinstance(value, FieldRule | Mention):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
