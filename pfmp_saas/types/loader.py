"""Convention types, read from their folders and checked once: what is wrong is refused at load."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

from pfmp_saas.law.checks import TOPICS, overridable
from pfmp_saas.types import document
from pfmp_saas.types.derived import DERIVED
from pfmp_saas.types.errors import InvalidType, UnknownType
from pfmp_saas.types.mentions import missing
from pfmp_saas.types.model import ConventionType, FieldRule, Mention, TickT
from pfmp_saas.types.substitution import check

_HERE = Path(__file__).parent


@cache
def _folders() -> dict[str, Path]:
    folders = (path.parent for path in sorted(_HERE.glob("*/type.json")))
    return {str(document.assembled(folder)["slug"]): folder for folder in folders}


def available() -> tuple[str, ...]:
    """Slugs of the types, in alphabetical order."""
    return tuple(sorted(_folders()))


def get_type(slug: str) -> ConventionType:
    """The type of this slug; :class:`UnknownType` if there is none."""
    return _cached(_folder(slug))


def packaged(slug: str) -> document.Json:
    """The whole document of the type of this slug, a fresh copy; :class:`UnknownType` if there is none."""
    whole: document.Json = json.loads(packaged_text(slug))
    return whole


@cache
def packaged_text(slug: str) -> str:
    """The canonical text of the type of this slug; :class:`UnknownType` if there is none."""
    return document.canonical(document.assembled(_folder(slug)))


@cache
def packaged_digest(slug: str) -> str:
    """The SHA-256 of that text, in hexadecimal; :class:`UnknownType` if there is none."""
    return hashlib.sha256(packaged_text(slug).encode()).hexdigest()


def _folder(slug: str) -> Path:
    folder = _folders().get(slug) if isinstance(slug, str) else None
    if folder is None:
        raise UnknownType(slug)
    return folder


@cache
def _cached(folder: Path) -> ConventionType:
    return load(folder)


def load(folder: Path) -> ConventionType:
    """Read and check the type of ``folder``; :class:`InvalidType` says what is wrong in it."""
    kind = document.kind_of(document.assembled(folder))
    verify(kind)
    verify_rules(kind)
    absent = missing(kind)
    if absent:
        raise InvalidType(f"{kind.slug} : {' ; '.join(absent)}")
    return kind


def fields_of(kind: ConventionType) -> frozenset[str]:
    """The closed list of placeholders that a type's texts may name."""
    return frozenset(name for name, _ in kind.fields) | frozenset(DERIVED)


def verify(kind: ConventionType) -> None:
    """Raise :class:`InvalidType` for an unknown placeholder or a stray brace."""
    allowed = fields_of(kind)
    for template in _strings(kind):
        check(template, allowed, kind.slug)


def verify_rules(kind: ConventionType) -> None:
    """Raise :class:`InvalidType` for a topic, an article or a derogation that the rules cannot know."""
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
    """Every string of a type that may hold placeholders; data paths and rules are not templates."""
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
