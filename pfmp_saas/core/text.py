"""One truth about text: how a line is stored, how names are compared, what hides in a text; the days of the week."""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DAYS = {
    "monday": "lundi",
    "tuesday": "mardi",
    "wednesday": "mercredi",
    "thursday": "jeudi",
    "friday": "vendredi",
    "saturday": "samedi",
    "sunday": "dimanche",
}
"""The days of the week as data name them, Monday first, and their French names."""
_HANGUL = range(0xAC00, 0xD7A4)
"""Syllables, which Unicode composes by reckoning and no table needs to list."""
_HIDDEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
_BREAKS = frozenset("\n\r\t")
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""What Unicode calls letters or marks and draws as nothing: fillers, joiners, variation selectors."""
_BULLET = re.compile(r"^\s*(?:[•·∙●○◦▪▫■□◆◇►▸▶➢➤✓✔\uf02d\uf076\uf0a7\uf0b7\uf0d8\uf0fc]|[o§Ø](?=\t))\s*")
"""What Word puts before the items of a list; some are private characters of its symbol fonts."""
_IN_PATHS = frozenset('\\/:*?"<>|')
_MARKS = 2
"""Marks that a letter may bear beside its own: more of them cover the lines around."""
_NAMES = {
    "\n": "retour à la ligne (Alt+Entrée)",
    "\r": "retour à la ligne",
    "\t": "tabulation",
    "\ufeff": "marque d’ordre des octets",
    "\u200b": "espace sans largeur",
}


@cache
def folding() -> dict[int, str]:
    """Return what each character becomes when names are compared, by its number; the others stay as they are.

    The table is a file, not Python's own, so that PostgreSQL's ``pfmp_fold`` and every version of Python fold
    alike. The file is never changed, since columns hold what it gave: another table is another file and a migration.
    """
    file = Path(__file__).with_name("folding.json")
    loaded: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    syllables = {code: unicodedata.normalize("NFD", chr(code)) for code in _HANGUL}
    return {ord(letter): folded for folded, letters in loaded.items() for letter in letters} | syllables


def fold(text: str) -> str:
    """Return ``text`` as names are compared: « Léa  d’İnönü-Œuvrard » gives « lea d'inonu oeuvrard ».

    Composed or decomposed letters, accents, case (the Turkish dotted and dotless i too), ligatures, the sorts of
    apostrophe, of blank and of hyphen, and what nobody sees make no difference.
    """
    return " ".join(word for word in text.translate(folding()).split(" ") if word)


def stored_line(text: str) -> str:
    """Return a name or a line as it is stored: composed letters, single blanks.

    Raises ValueError in French for a line break, or a character that hides, or turns round, the text beside it.
    """
    clean = unicodedata.normalize("NFC", text.strip().replace("\N{SOFT HYPHEN}", ""))
    for letter in (*_BREAKS.intersection(clean), *hidden(clean)):
        raise ValueError(f"un caractère invisible s’y cache, {named(letter)} : tapez le texte à nouveau.")
    return " ".join(clean.split())


def stored_text(text: str) -> str:
    """Return a text of several lines as it is stored: composed letters, Word's bullets as dashes, no blank at a line's end.

    Raises ValueError as :func:`stored_line` does.
    """
    lines = (
        _BULLET.sub("- ", line).replace("\t", " ") for line in re.split(r"\r\n|\r|\n|\v|\u2028|\u2029", text)
    )
    return "\n".join(stored_line(line) if line.strip() else "" for line in lines).strip("\n")


def hidden(text: str) -> Iterator[str]:
    """Yield each character of ``text`` that hides, or that hides or turns round what stands beside it, once, in order.

    A line break and a tabulation are blanks, not hidden.
    """
    if text.isascii() and text.isprintable():
        return
    found = dict.fromkeys(letter for letter in text if _hides(letter))
    yield from dict.fromkeys((*found, *_piled(text)))


def _hides(letter: str) -> bool:
    if letter in _BREAKS:
        return False
    return unicodedata.category(letter) in _HIDDEN or _INVISIBLE.match(letter) is not None


def _piled(text: str) -> Iterator[str]:
    """Yield the marks of a pile that covers the lines around."""
    pile = 0
    for letter in unicodedata.normalize("NFC", text):
        pile = pile + 1 if unicodedata.combining(letter) else 0
        if pile > _MARKS:
            yield letter


def named(letter: str) -> str:
    """Return what names a character to a person: its number, its name, and itself where it can be shown."""
    category = unicodedata.category(letter)
    visible = category not in _HIDDEN and category[0] != "M" and not _INVISIBLE.match(letter)
    shown = f"« {letter} » " if visible else ""
    name = _NAMES.get(letter) or unicodedata.name(letter, "") or _KINDS.get(category, "")
    number = f"U+{ord(letter):04X}"
    return f"{shown}({number} {name})" if shown else f"{number} {name}".strip()


_KINDS = {
    "Cc": "caractère de commande",
    "Cn": "caractère inconnu",
    "Co": "caractère privé",
    "Cs": "moitié de caractère",
}


def file_name(text: str) -> str:
    """Return a text as the name of a file that any system keeps: no sign with a meaning in a path, 120 characters at most."""
    plain = "".join(" " if letter in _IN_PATHS or not letter.isprintable() else letter for letter in text)
    return " ".join(plain.split()).strip(". ")[:120] or "document"
