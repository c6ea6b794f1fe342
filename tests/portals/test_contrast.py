"""The colours of the design: each pair that pages set one upon the other is far enough apart, by day and by night."""

import re

import pytest

from tests.support.browser import TOP

SHEET = (TOP / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
DAY, NIGHT = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", part))
    for part in SHEET.split("prefers-color-scheme: dark")[:2]
)
TEXT, SHAPE = 4.5, 3.0
PAIRS = {
    **{
        (ink, ground): TEXT
        for ink in ("ink", "muted", "brand", "red", "amber", "green")
        for ground in ("paper", "card")
    },
    **{("ink", ground): TEXT for ground in ("sunk", "brand-soft", "amber-soft", "green-soft", "red-soft")},
    **{(name, f"{name}-soft"): TEXT for name in ("brand", "amber", "green", "red")},
    ("muted", "sunk"): TEXT,
    ("on-brand", "brand"): TEXT,
    ("on-brand", "brand-strong"): TEXT,
    ("edge", "card"): SHAPE,  # the border of an input, of a box to tick
    ("edge", "paper"): SHAPE,
    ("green", "card"): SHAPE,
    ("glow", "card"): SHAPE,
}


def contrast(one, other):
    def luminance(colour):
        digits = colour.lstrip("#")
        digits = "".join(2 * each for each in digits) if len(digits) == 3 else digits
        parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
        red, green, blue = (
            each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["day", "night"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_two_colours_are_far_enough_apart(pair, scheme):
    colours = DAY if scheme == "day" else DAY | NIGHT
    found = contrast(colours[pair[0]], colours[pair[1]])
    assert found >= PAIRS[pair], f"{pair[0]} on {pair[1]}, {scheme}: {found:.2f}"


def test_no_colour_is_written_elsewhere():
    for sheet in ("parts", "shell", "pages"):
        text = re.sub(
            r"url\([^)]*\)|rgb\(0 0 0[^)]*\)",
            "",
            (TOP / "static" / "css" / f"{sheet}.css").read_text(encoding="utf-8"),
        )
        assert re.findall(r"#[0-9a-f]{3,6}\b(?=[;\s])", text) in ([], ["#fff"], ["#fff", "#fff"]), (
            sheet
        )  # a document and a logo are paper


def test_the_table_of_contrasts_is_the_measured_one():
    told = (TOP / "docs" / "face.md").read_text(encoding="utf-8")
    for one, other in (
        ("ink", "paper"),
        ("muted", "paper"),
        ("brand", "card"),
        ("edge", "card"),
        ("on-brand", "brand"),
    ):
        for colours in (DAY, DAY | NIGHT):
            assert (
                f"{contrast(colours[one], colours[other]):.1f}"
                in re.search(rf"\| {one} on {other} \|.*", told)[0]
            )
