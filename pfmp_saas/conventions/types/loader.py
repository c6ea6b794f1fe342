"""Convention types, read from their folders and checked once: what is wrong is refused at load."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pfmp_saas.conventions.types import articles, blocks
from pfmp_saas.conventions.types.derived import DERIVED
from pfmp_saas.conventions.types.errors import InvalidType, UnknownType
from pfmp_saas.conventions.types.model import (
    STATUTORY,
    Annex,
    Attestation,
    ConventionType,
    Evaluation,
    FieldRule,
    Mention,
    Question,
    Signer,
    TickT,
)
from pfmp_saas.conventions.types.substitution import check, placeholders

_HERE = Path(__file__).parent
_LISTS = ("objectives", "activities", "periods", "timetable", "works")


@cache
def _folders() -> dict[str, Path]:
    found = sorted(_HERE.glob("*/type.json"))
    return {str(_json(path)["slug"]): path.parent for path in found}


def available() -> tuple[str, ...]:
    """Slugs of the types, in alphabetical order."""
    return tuple(sorted(_folders()))


def get_type(slug: str) -> ConventionType:
    """The type of this slug; :class:`UnknownType` if there is none."""
    folder = _folders().get(slug) if isinstance(slug, str) else None
    if folder is None:
        raise UnknownType(slug)
    return _cached(folder)


@cache
def _cached(folder: Path) -> ConventionType:
    return load(folder)


def load(folder: Path) -> ConventionType:
    """Read and check the type of ``folder``; :class:`InvalidType` says what is wrong in it."""
    raw = _json(folder / "type.json")
    rules = _rules(folder)
    kind = ConventionType(
        **_plain(raw),
        valid_from=date.fromisoformat(raw["valid_from"]),
        valid_until=date.fromisoformat(raw["valid_until"]) if raw["valid_until"] else None,
        signers=tuple(Signer(**signer) for signer in raw["signers"]),
        mentions=tuple(_mention(mention) for mention in raw["mentions"]),
        header_origin=raw.get("header_origin", STATUTORY),
        dense_header=raw.get("dense_header", False),
        defaults=tuple(raw.get("defaults", {}).items()),
        header=blocks.parse_all(_json(folder / "header.json"), "header"),
        articles=articles.parse((folder / "articles.md").read_text(encoding="utf-8")),
        closing=blocks.parse_all(raw.get("closing", []), "closing"),
        annexes=tuple(_annex(annex) for annex in _json(folder / "annexes.json")),
        attestation=_attestation(_json(folder / "attestation.json")),
        evaluation=_evaluation(_json(folder / "evaluation.json")),
        fields=tuple(sorted(rules.items())),
    )
    verify(kind)
    return kind


_PLAIN = (
    "slug", "version", "label", "heading", "subheading", "footer", "articles_title",
    "accident_regime", "check_profile",
)  # fmt: skip
_TUPLES: dict[str, list[str]] = {
    "legal_basis": [],
    "to_confirm": [],
    "parties": [],
    "order": ["header", "articles", "closing", "annexes"],
}


def _plain(raw: dict[str, Any]) -> dict[str, Any]:
    lists = {name: tuple(raw.get(name, default)) for name, default in _TUPLES.items()}
    return {name: raw[name] for name in _PLAIN} | lists


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _rules(folder: Path) -> dict[str, FieldRule]:
    rules = _json(_HERE / "fields.json")
    own = folder / "fields.json"
    rules.update(_json(own) if own.exists() else {})
    return {name: FieldRule(**rule) for name, rule in rules.items()}


def _mention(raw: dict[str, Any]) -> Mention:
    lists = {key: tuple(raw.get(key, ())) for key in ("required", "optional", "articles")}
    return Mention(number=raw["number"], label=raw["label"], **lists)


def _annex(raw: dict[str, Any]) -> Annex:
    where = f"annexe {raw['number']}"
    return Annex(
        number=raw["number"],
        slug=raw["slug"],
        title=raw["title"],
        subtitle=raw["subtitle"],
        content=raw.get("content", "blocks"),
        place=raw.get("place", "end"),
        origin=raw.get("origin", STATUTORY),
        blocks=blocks.parse_all(raw.get("blocks", []), where),
    )


def _attestation(raw: dict[str, Any]) -> Attestation:
    parsed = blocks.parse_all(raw["blocks"], "attestation")
    return Attestation(raw["heading"], raw["signature"], raw["made_at"], parsed)


def _evaluation(raw: dict[str, Any]) -> Evaluation:
    questions = tuple(Question(**question) for question in raw["questions"])
    return Evaluation(raw["origin"], raw["introduction"], tuple(raw["scale"]), questions)


def article_sources(slug: str) -> tuple[tuple[str, str], ...]:
    """Heading and Markdown of each article of a type; :class:`UnknownType` if there is none of this slug."""
    get_type(slug)
    return articles.sources((_folders()[slug] / "articles.md").read_text(encoding="utf-8"))


def fields_of(kind: ConventionType) -> frozenset[str]:
    """The closed list of placeholders that a type's texts may name."""
    return frozenset(name for name, _ in kind.fields) | frozenset(DERIVED)


def verify(kind: ConventionType) -> None:
    """Raise :class:`InvalidType` for an unknown placeholder, a stray brace, or a mention that nothing carries."""
    allowed = fields_of(kind)
    used: set[str] = set()
    for template in _strings(kind):
        check(template, allowed, kind.slug)
        used.update(placeholders(template))
    _verify_mentions(kind, used)


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


def _verify_mentions(kind: ConventionType, used: set[str]) -> None:
    numbers = {article.number for article in kind.articles}
    printed = used | set(_LISTS) | {source for name in used for source in DERIVED.get(name, ((), None))[0]}
    if [mention.number for mention in kind.mentions] != list(range(1, 16)):
        raise InvalidType(f"{kind.slug} : les quinze mentions de D. 124-4 ne sont pas toutes tracées")
    for mention in kind.mentions:
        absent = [path for path in mention.required + mention.optional if path not in printed]
        absent += [f"article {n}" for n in mention.articles if n not in numbers]
        if absent or not (mention.required or mention.optional or mention.articles):
            raise InvalidType(f"{kind.slug} : mention {mention.number} non portée ({', '.join(absent)})")
