"""One way to compare names and to name the days of the week."""

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


def fold(text: str) -> str:
    """Return ``text`` as names are compared: « Léa  d’İnönü-Œuvrard » gives « lea d'inonu oeuvrard ».

    Composed or decomposed letters, accents, case (the Turkish dotted and dotless i too), the sorts of apostrophe,
    of blank and of hyphen make no difference.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_ALIKE)).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.translate(_ALIKE).split())
