"""What a school may do to its draft: each a function from a revision to the next. They raise NotFound, no more."""

import base64
from collections.abc import Callable
from dataclasses import replace

from pfmp_saas.core.errors import NotFound
from pfmp_saas.types.model import OwnField, Question
from pfmp_saas.types.revisions.content import Content, Piece

Edit = Callable[[Content], Content]


def edited(number: int, title: str, text: str, mentions: tuple[int, ...] | None = None) -> Edit:
    """Edit one article; ``mentions`` None leaves those it carries."""

    def edit(content: Content) -> Content:
        old = _article(content, number)
        kept = old.mentions if mentions is None else mentions
        return _with(content, number, [replace(old, title=title, text=text, mentions=kept)])

    return edit


def added(after: int, title: str, text: str, mentions: tuple[int, ...] = ()) -> Edit:
    """Add an article after another; after 0, it comes first."""

    def edit(content: Content) -> Content:
        pieces = (*content.pieces[:after], Piece(title, text, None, mentions), *content.pieces[after:])
        return replace(content, pieces=pieces)

    return edit


def removed(number: int) -> Edit:
    """Remove an article."""
    return lambda content: _with(content, number, [])


def moved(number: int, to: int) -> Edit:
    """Move an article so that it bears the number ``to``; beyond the ends, it stops there."""

    def edit(content: Content) -> Content:
        piece = _article(content, number)
        rest = _with(content, number, []).pieces
        place = max(0, min(to - 1, len(rest)))
        return replace(content, pieces=(*rest[:place], piece, *rest[place:]))

    return edit


def without_annexes(slugs: tuple[str, ...]) -> Edit:
    """Leave annexes out."""
    return lambda content: replace(content, annexes_off=slugs)


def letterhead(lines: tuple[str, ...], logo: bytes | None) -> Edit:
    """Set the lines and the logo (PNG) of the header; a logo of None stays as it is, an empty one goes."""

    def edit(content: Content) -> Content:
        kept = content.logo if logo is None else base64.b64encode(logo).decode()
        return replace(content, lines=lines, logo=kept)

    return edit


def signing(order: tuple[str, ...]) -> Edit:
    """Set the order in which people sign, by signer's name; empty, in any order."""
    return lambda content: replace(content, signing_order=order)


def levels(blocking: tuple[str, ...]) -> Edit:
    """Set the checks that block beyond what the law says."""
    return lambda content: replace(content, blocking=blocking)


def fields(own: tuple[OwnField, ...]) -> Edit:
    """Set the school's own fields."""
    return lambda content: replace(content, own_fields=own)


def questions(introduction: str, asked: tuple[Question, ...]) -> Edit:
    """Set what the student is asked about the host."""
    return lambda content: replace(content, introduction=introduction, questions=asked)


def _article(content: Content, number: int) -> Piece:
    if not 1 <= number <= len(content.pieces):
        raise NotFound
    return content.pieces[number - 1]


def _with(content: Content, number: int, pieces: list[Piece]) -> Content:
    _article(content, number)
    return replace(content, pieces=(*content.pieces[: number - 1], *pieces, *content.pieces[number:]))
