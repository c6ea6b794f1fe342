"""The fifteen mandatory mentions (education code, D124-4): what carries each in a type, and what does not any more."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache

from pfmp_saas.core.text import fold
from pfmp_saas.types import model, templates
from pfmp_saas.types.derived import DERIVED
from pfmp_saas.types.substitution import placeholders

COUNT = 15


def missing(kind: model.ConventionType) -> tuple[str, ...]:
    """Say in French, one line each, which mentions nothing carries; empty for a type that may be adopted.

    A field carries a mention when it is printed by the header, an article or an annex that is kept. Articles
    carry one by their words, told without condition; no reading of words proves their sense.
    """
    if [mention.number for mention in kind.mentions] != list(range(1, COUNT + 1)):
        return ("les quinze mentions de l’article D. 124-4 ne sont pas toutes tracées",)
    shown = printed(kind)
    faults = tuple(line for mention in kind.mentions for line in _faults(mention, kind, shown))
    return faults + _without_works(kind, shown)


def _without_works(kind: model.ConventionType, shown: frozenset[str]) -> tuple[str, ...]:
    """Say that a type whose articles give minors regulated works (R4153-41) prints no list of them any more."""
    if "works" in shown or not kind.profile.cite("works"):
        return ()
    return (
        "travaux réglementés : aucune annexe n’en donne plus la liste, alors qu’un mineur peut y être affecté",
    )


def _faults(mention: model.Mention, kind: model.ConventionType, shown: frozenset[str]) -> Iterator[str]:
    named = f"mention {mention.number} ({mention.label})"
    paths = mention.required + mention.optional
    yield from (f"{named} : le champ « {path} » n’est plus imprimé" for path in paths if path not in shown)
    carriers = [article for article in kind.articles if article.number in mention.articles]
    absent = set(mention.articles) - {article.number for article in carriers}
    if (mention.words and not carriers) or absent:
        yield f"{named} : aucun article ne la porte"
    elif not (paths or carriers):
        yield f"{named} : ni champ ni article ne la porte"
    said = fold(" ".join(text for article in carriers for text in _texts(article.blocks)))
    for group in mention.words if carriers else ():
        if not any(fold(stem) in said for stem in group):
            numbers = ", ".join(str(article.number) for article in carriers)
            yield f"{named} : l’article {numbers} ne dit plus « {' » ou « '.join(group)}… »"


def _texts(blocks: tuple[templates.BlockT, ...]) -> Iterator[str]:
    """Yield the words of an article that every pupil's convention prints."""
    for block in blocks:
        if isinstance(block, templates.TextT) and not block.when:
            yield block.text
        elif isinstance(block, templates.BulletsT) and not block.when:
            yield from block.items


@lru_cache(maxsize=64)
def printed(kind: model.ConventionType) -> frozenset[str]:
    """Return the data paths that the convention prints, those behind a reckoned placeholder among them."""
    bodies = (kind.header, kind.closing, *(article.blocks for article in kind.articles))
    found = {path for body in (*bodies, *(annex.blocks for annex in kind.annexes)) for path in _paths(body)}
    return frozenset(found | {source for name in found for source in DERIVED.get(name, ((), None))[0]})


def _paths(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from placeholders(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _paths(item)
    elif isinstance(value, templates.ListT):
        yield value.source
    elif type(value) in _WHOLE:
        yield _WHOLE[type(value)]
    elif isinstance(value, templates.TickT):
        yield from (value.when, *placeholders(value.text))
    elif is_dataclass(value) and not getattr(value, "when", ""):
        for field in fields(value):
            yield from _paths(getattr(value, field.name))


_WHOLE: dict[type, str] = {
    templates.PeriodsT: "periods",
    templates.TimetableT: "timetable",
    templates.WorksT: "works",
}
