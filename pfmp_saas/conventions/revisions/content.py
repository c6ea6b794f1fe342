"""What a school changes in a type: its articles and annexes. Text with placeholders of a closed list, never code."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pfmp_saas.conventions.types import articles as markdown
from pfmp_saas.conventions.types.errors import InvalidType
from pfmp_saas.conventions.types.loader import article_sources, fields_of, get_type, verify
from pfmp_saas.conventions.types.model import ConventionType, Mention
from pfmp_saas.conventions.types.substitution import check

LONGEST_TITLE, LONGEST_TEXT, MOST_ARTICLES = 200, 20_000, 80
_NUMBER = re.compile(r"(\b[Aa]rticle )\d+")


@dataclass(frozen=True)
class Piece:
    """An article: its title as printed, its Markdown, and the number it has in the base (None when it is new)."""

    title: str
    text: str
    origin: int | None = None


@dataclass(frozen=True)
class Content:
    """A revision: ``base`` and ``version`` name the packaged type; ``annexes_off`` the annexes left out."""

    base: str
    version: str
    pieces: tuple[Piece, ...]
    annexes_off: tuple[str, ...] = ()


def derived(slug: str) -> Content:
    """Return the base itself, as a first revision. Raises UnknownType."""
    kind = get_type(slug)
    sources = enumerate(article_sources(slug), start=1)
    return Content(slug, kind.version, tuple(Piece(title, text, number) for number, (title, text) in sources))


def renumbered(content: Content) -> Content:
    """Number the articles from 1, in their order."""
    pieces = tuple(
        replace(piece, title=_titled(piece, number)) for number, piece in enumerate(content.pieces, start=1)
    )
    return replace(content, pieces=pieces)


def _titled(piece: Piece, number: int) -> str:
    """Number a title: the model's wherever it says « article N », the school's own only where it begins so."""
    if piece.origin or _NUMBER.match(piece.title):
        return _NUMBER.sub(rf"\g<1>{number}", piece.title, count=1)
    return f"Article {number} - {piece.title}"


def built(content: Content) -> ConventionType:
    """Return the type that a revision makes. Raises InvalidType naming the article at fault, UnknownType."""
    base = get_type(content.base)
    content = renumbered(content)
    _check(content, len(base.articles))
    for number, piece in enumerate(content.pieces, start=1):
        check(f"{piece.title}\n{piece.text}", fields_of(base), f"article {number}")
    annexes = tuple(annex for annex in base.annexes if annex.slug not in content.annexes_off)
    kind = replace(
        base,
        articles=markdown.parse("\n\n".join(f"# {piece.title}\n\n{piece.text}" for piece in content.pieces)),
        annexes=annexes,
        mentions=tuple(_moved(mention, content) for mention in base.mentions),
    )
    verify(kind)
    return kind


def _check(content: Content, count: int) -> None:
    origins = [piece.origin for piece in content.pieces if piece.origin is not None]
    if len(set(origins)) < len(origins) or not set(origins) <= set(range(1, count + 1)):
        raise InvalidType(
            "deux articles se disent issus du même article du modèle, ou d’un article qu’il n’a pas"
        )
    if not 1 <= len(content.pieces) <= MOST_ARTICLES:
        raise InvalidType(f"une convention compte de 1 à {MOST_ARTICLES} articles")
    for number, piece in enumerate(content.pieces, start=1):
        if not piece.text.strip():
            raise InvalidType(f"article {number} : le texte est vide")
        if len(piece.title) > LONGEST_TITLE or "\n" in piece.title:
            raise InvalidType(f"article {number} : titre d’une ligne, de {LONGEST_TITLE} caractères au plus")
        if len(piece.text) > LONGEST_TEXT:
            raise InvalidType(
                f"article {number} : {LONGEST_TEXT} caractères au plus, il y en a {len(piece.text)}"
            )
        if re.search(r"^# ", piece.text, re.MULTILINE):
            raise InvalidType(
                f"article {number} : un titre d’article ne s’écrit pas dans le texte d’un autre"
            )


def _moved(mention: Mention, content: Content) -> Mention:
    """Follow the articles that carry a mention to their new numbers; one that was removed is missed."""
    places = {piece.origin: number for number, piece in enumerate(content.pieces, start=1) if piece.origin}
    kept = tuple(places[number] for number in mention.articles if number in places)
    if mention.articles and not kept:
        named = f"mention {mention.number} de l’article D. 124-4 ({mention.label})"
        raise InvalidType(f"plus aucun article ne porte la {named}")
    return replace(mention, articles=kept)


def dumped(content: Content) -> dict[str, Any]:
    """Return a revision as the JSON of its file."""
    articles = [asdict(piece) for piece in content.pieces]
    return {
        "format": "pfmp-type/1",
        "base": content.base,
        "version": content.version,
        "articles": articles,
        "annexes_off": list(content.annexes_off),
    }


def digest(content: Content) -> str:
    """Return the SHA-256 of a revision's canonical JSON, in hexadecimal."""
    text = json.dumps(dumped(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(data: object) -> Content:
    """Read the JSON of a revision's file. Raises InvalidType with the path of the fault, UnknownType."""
    root = _object(data, "(racine)")
    if root.get("format") != "pfmp-type/1":
        raise InvalidType("format : « pfmp-type/1 » est attendu")
    base = _text(root, "base", "base")
    known = {annex.slug for annex in get_type(base).annexes}
    off = tuple(_strings(root.get("annexes_off", []), "annexes_off"))
    unknown = [slug for slug in off if slug not in known]
    if unknown:
        raise InvalidType(f"annexes_off : annexe inconnue « {unknown[0][:40]} »")
    return Content(base, _text(root, "version", "version"), tuple(_pieces(root.get("articles"))), off)


def _pieces(value: object) -> Iterator[Piece]:
    if not isinstance(value, list) or len(value) > MOST_ARTICLES:
        raise InvalidType(f"articles : une liste de {MOST_ARTICLES} articles au plus est attendue")
    for rank, item in enumerate(value):
        where = f"articles[{rank}]"
        entry = _object(item, where)
        origin = entry.get("origin")
        if origin is not None and (isinstance(origin, bool) or not isinstance(origin, int)):
            raise InvalidType(f"{where}.origin : un numéro ou null est attendu")
        yield Piece(_text(entry, "title", f"{where}.title"), _text(entry, "text", f"{where}.text"), origin)


def _strings(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidType(f"{where} : une liste de textes est attendue")
    return value


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidType(f"{where} : un objet est attendu")
    return value


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or re.search(r"[\x00\ud800-\udfff]", value):
        raise InvalidType(f"{where} : un texte est attendu")
    return value
