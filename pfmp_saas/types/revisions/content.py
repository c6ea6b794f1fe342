"""What a school changes in a type. Text with placeholders of a closed list, never code."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pfmp_saas.law.checks.model import CODES
from pfmp_saas.types import articles as markdown
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.loader import get_type, packaged, packaged_digest
from pfmp_saas.types.model import ConventionType, FieldRule, Mention, OwnField, Question, Signer
from pfmp_saas.types.substitution import check
from pfmp_saas.types.templates import OURS, FieldsT, FieldT, PanelT
from pfmp_saas.types.verification import fields_of, verify_placeholders

LONGEST_TITLE, LONGEST_TEXT, MOST_ARTICLES = 200, 20_000, 80
_NUMBER = re.compile(r"(\b[Aa]rticle )\d+")
_FORMATS = {"text": "text", "date": "date", "number": "number", "money": "euros"}
_OWN = "Renseignements propres à l’établissement"


@dataclass(frozen=True)
class Piece:
    """An article: its title as printed, its Markdown, its number in the base (None when new), its mentions."""

    title: str
    text: str
    origin: int | None = None
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Content:
    """A school's convention type.

    ``base``, ``version`` and ``base_digest`` name the type it derives from, exactly. ``annexes_off`` are the
    annexes left out, ``lines`` and ``logo`` (PNG in base64) the letterhead, ``signing_order`` the signers' names
    (empty: any order), ``blocking`` the checks that stop a sending beyond what the law says.
    """

    base: str
    version: str
    base_digest: str
    pieces: tuple[Piece, ...]
    introduction: str
    questions: tuple[Question, ...]
    annexes_off: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    logo: str = ""
    signing_order: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()
    own_fields: tuple[OwnField, ...] = ()


def derived(slug: str) -> Content:
    """Return the packaged type itself, as a first revision. Raises UnknownType."""
    return derived_from(packaged_digest(slug), get_type(slug), sources(packaged(slug)))


def sources(document: dict[str, list[dict[str, str]]]) -> tuple[tuple[str, str], ...]:
    """Return title and Markdown of each article of a type's document."""
    return tuple((piece["title"], piece["text"]) for piece in document["articles"])


def derived_from(digest: str, base: ConventionType, texts: tuple[tuple[str, str], ...]) -> Content:
    """Return a base as a first revision: ``texts`` are the title and the Markdown of its articles."""
    pieces = (
        Piece(title, text, number, tuple(m.number for m in base.mentions if number in m.articles))
        for number, (title, text) in enumerate(texts, start=1)
    )
    asked = base.evaluation
    return Content(base.slug, base.version, digest, tuple(pieces), asked.introduction, asked.questions)


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


def built(content: Content, base: ConventionType) -> ConventionType:
    """Return the type that a revision of ``base`` makes. Raises InvalidType naming what is at fault.

    Whether it still carries the mandatory mentions is asked at its adoption.
    """
    content = renumbered(content)
    _check(content, base)
    own = {
        f"own.{each.name}": FieldRule(f"own.{each.name}", _FORMATS[each.kind]) for each in content.own_fields
    }
    kind = replace(
        base,
        articles=markdown.parse("\n\n".join(f"# {piece.title}\n\n{piece.text}" for piece in content.pieces)),
        annexes=tuple(annex for annex in base.annexes if annex.slug not in content.annexes_off),
        mentions=tuple(_carried(mention, content) for mention in base.mentions),
        rules=replace(base.rules, articles=_cited(base, content)),
        evaluation=replace(base.evaluation, introduction=content.introduction, questions=content.questions),
        fields=tuple(sorted((dict(base.fields) | own).items())),
        header=base.header + _own_panel(content.own_fields),
        letterhead=content.lines,
        logo=base64.b64decode(content.logo),
        own_fields=content.own_fields,
        blocking=frozenset(content.blocking),
        in_order=bool(content.signing_order),
        signers=tuple(_ranked(signer, content) for signer in base.signers),
    )
    for number, piece in enumerate(content.pieces, start=1):
        check(f"{piece.title} {_bare(piece.text)}", fields_of(kind), f"article {number}")
    verify_placeholders(kind)
    return kind


def _bare(text: str) -> str:
    """Return a text without the conditions at the head of its paragraphs, which are read with the articles."""
    return re.sub(r"^(?:<!-- pfmp -->\s*)?\{(?:sauf )?si [^{}]*\}", "", text, flags=re.MULTILINE)


def _ranked(signer: Signer, content: Content) -> Signer:
    order = content.signing_order
    return replace(signer, rank=order.index(signer.name) + 1) if order else signer


def _own_panel(own: tuple[OwnField, ...]) -> tuple[PanelT, ...]:
    fields = tuple(FieldT(f"{each.label} :", f"{{own.{each.name}}}", origin=OURS) for each in own)
    return (PanelT(_OWN, (FieldsT(fields),)),) if fields else ()


def _carried(mention: Mention, content: Content) -> Mention:
    """Return a mention with the articles that say they carry a mention, by their present numbers."""
    places = (n for n, piece in enumerate(content.pieces, start=1) if mention.number in piece.mentions)
    return replace(mention, articles=tuple(places))


def _cited(base: ConventionType, content: Content) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the articles that the rules cite, by topic, under their present numbers; a removed one is left out."""
    places = {piece.origin: number for number, piece in enumerate(content.pieces, start=1) if piece.origin}
    return tuple(
        (topic, tuple(sorted(places[number] for number in numbers if number in places)))
        for topic, numbers in base.rules.articles
    )


def _check(content: Content, base: ConventionType) -> None:
    for fault in _faults(content, base):
        raise InvalidType(fault)


def _faults(content: Content, base: ConventionType) -> Iterator[str]:
    if (content.base, content.version) != (base.slug, base.version):
        yield f"version : ce modèle est « {base.slug} », version {base.version}"
    origins = [piece.origin for piece in content.pieces if piece.origin is not None]
    if len(set(origins)) < len(origins) or not set(origins) <= set(range(1, len(base.articles) + 1)):
        yield "deux articles se disent issus du même article du modèle, ou d’un article qu’il n’a pas"
    if not 1 <= len(content.pieces) <= MOST_ARTICLES:
        yield f"une convention compte de 1 à {MOST_ARTICLES} articles"
    unknown = set(content.annexes_off) - {annex.slug for annex in base.annexes}
    if unknown:
        yield f"annexes : annexe inconnue « {min(unknown)[:40]} »"
    if content.signing_order and sorted(content.signing_order) != sorted(each.name for each in base.signers):
        yield "ordre des signatures : chaque signataire figure une fois dans l’ordre des signatures"
    strange = sorted(set(content.blocking) - set(CODES))
    if strange:
        yield f"contrôles : code inconnu « {strange[0][:40]} »"
    names = [each.name for each in content.own_fields] + [each.id for each in content.questions]
    if len(set(names)) < len(names):
        yield "deux champs, ou deux questions, ont le même nom"
    for number, piece in enumerate(content.pieces, start=1):
        yield from (f"article {number} : {fault}" for fault in _article_faults(piece))


def _article_faults(piece: Piece) -> Iterator[str]:
    if not piece.text.strip():
        yield "le texte est vide"
    if len(piece.title) > LONGEST_TITLE or "\n" in piece.title:
        yield f"titre d’une ligne, de {LONGEST_TITLE} caractères au plus"
    if len(piece.text) > LONGEST_TEXT:
        yield f"{LONGEST_TEXT} caractères au plus, il y en a {len(piece.text)}"
    if re.search(r"^# ", piece.text, re.MULTILINE):
        yield "un titre d’article ne s’écrit pas dans le texte d’un autre"
