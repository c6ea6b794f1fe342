"""A colour that somebody chose, kept readable: contrasts as WCAG 2.2 measures them, and the nearest shade that has one."""

import re

_WRITTEN = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
BLACK, WHITE = "#000000", "#ffffff"
TEXT = 4.5
"""The contrast of a text with its ground (WCAG 1.4.3)."""
DAY_GROUNDS, NIGHT_GROUNDS = ("#f8f5ef", "#ffffff"), ("#11161b", "#192028", "#0d1b1f")
"""The papers and cards of `static/css/tokens.css`, and what is written on a brand at night."""
_STEPS = 50


def read_colour(text: str) -> str:
    """Read « #7a1f3d », « 7A1F3D » or « #a13 »; nothing stays empty. Raises ValueError in French."""
    if not text:
        return ""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("Écrivez une couleur en six chiffres hexadécimaux, #7a1f3d par exemple.")
    digits = found[1].lower()
    return "#" + ("".join(2 * each for each in digits) if len(digits) == 3 else digits)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, part: float) -> str:
    """Return ``colour`` with a ``part``, 0 to 1, of the other."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * part):02x}" for one, two in pairs)


def shades(colour: str, *, night: bool = False) -> dict[str, str]:
    """Return the colours that pages make of a school's, by the name of their property in the style sheet.

    The brand is the shade nearest to ``colour`` that reads on every ground of pages, and on which they write.
    """
    grounds, end = (NIGHT_GROUNDS, WHITE) if night else (DAY_GROUNDS, BLACK)
    soft = mixed(colour, grounds[0], 0.85) if night else mixed(colour, WHITE, 0.88)
    tried = (mixed(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    brand = next(each for each in tried if all(contrast(each, ground) >= TEXT for ground in (*grounds, soft)))
    return {"brand": brand, "brand-strong": mixed(brand, end, 0.25), "brand-soft": soft}


def sheet(colour: str) -> str:
    """Return the style sheet that lays a school's colour over ours, by day and by night."""
    day, night = (
        ";".join(f"--{name}:{value}" for name, value in shades(colour, night=dark).items())
        for dark in (False, True)
    )
    return f":root{{{day}}}@media (prefers-color-scheme:dark){{:root{{{night}}}}}"


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
