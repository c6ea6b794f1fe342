"""One way to compare names, to store a line of text, and to name the days of the week."""

import unicodedata

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
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ´`", "'"),
        **dict.fromkeys("-\N{HYPHEN}\N{NON-BREAKING HYPHEN}–—_", " "),
        "\N{SOFT HYPHEN}": None,
        "œ": "oe",
        "æ": "ae",
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
    }
)

_HIDDEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs"))


def fold(text: str) -> str:
    """Return ``text`` as names are compared: « Léa  d’İnönü-Œuvrard » gives « lea d'inonu oeuvrard ».

    Composed or decomposed letters, accents, case (the Turkish dotted and dotless i too), the sorts of apostrophe,
    of blank and of hyphen make no difference.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_ALIKE)).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.translate(_ALIKE).split())


def stored_line(text: str) -> str:
    """Return a name or a line as it is stored: composed letters, single blanks, no line break.

    Raises ValueError in French for a character that hides, or turns round, the text beside it.
    """
    for letter in text:
        if unicodedata.category(letter) in _HIDDEN and letter not in "\n\r\t\N{SOFT HYPHEN}":
            raise ValueError(
                f"un caractère invisible s’y cache ({_named(letter)}) : tapez le texte à nouveau"
            )
    return " ".join(unicodedata.normalize("NFC", text).replace("\N{SOFT HYPHEN}", "").split())


def _named(letter: str) -> str:
    """Return what names a character that can't be shown: its number, and its name where it has one."""
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()
