"""The substituter of convention types: ``{name}`` and nothing else.

Templates cannot run code, loop or look anything up: a placeholder is a name on a closed list, and the
value put in its place is plain text in which no mark-up is read.
"""

import re
from collections.abc import Callable, Collection

from pfmp_saas.documents.content import Run, Runs
from pfmp_saas.types.errors import InvalidType

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
_TOKEN = re.compile(r"\\([*{}\\])|(\*\*|\*)")


def placeholders(template: str) -> tuple[str, ...]:
    """Return the names of the placeholders of ``template``, in order."""
    return tuple(_PLACEHOLDER.findall(template))


def check(template: str, allowed: Collection[str], where: str) -> None:
    """Raise :class:`InvalidType` if ``template`` names an unknown placeholder or has a stray brace."""
    for name in placeholders(template):
        if name not in allowed:
            raise InvalidType(f"{where} : champ inconnu « {{{name}}} »")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", template)):
        raise InvalidType(f"{where} : accolade isolée dans « {template[:60]} »")


def fill(template: str, value_of: Callable[[str], str]) -> str:
    """Return ``template`` with each placeholder replaced by ``value_of(name)``; no mark-up is read."""
    return _PLACEHOLDER.sub(lambda match: value_of(match.group(1)), template)


def runs(markdown: str, value_of: Callable[[str], str]) -> Runs:
    """Parse the inline marks of ``markdown``, then fill its placeholders, so values bring no marks."""
    found: list[Run] = []
    text, bold, italic, position = "", False, False, 0
    for token in _TOKEN.finditer(markdown):
        text += markdown[position : token.start()] + (token.group(1) or "")
        position = token.end()
        if token.group(2):
            _flush(found, fill(text, value_of), bold, italic)
            text = ""
            bold, italic = (not bold, italic) if token.group(2) == "**" else (bold, not italic)
    _flush(found, fill(text + markdown[position:], value_of), bold, italic)
    return tuple(found)


def _flush(found: list[Run], text: str, bold: bool, italic: bool) -> None:
    if text:
        found.append(Run(text, bold=bold, italic=italic))
