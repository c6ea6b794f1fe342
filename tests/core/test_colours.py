"""A school's colour, whatever it is, reads on every ground of pages, and pages write on it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfmp_saas.core import colours
from tests.support.browser import TOP

SHEET = (TOP / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
DAY, NIGHT = (
    {name: value if len(value) == 7 else colours.read_colour(value) for name, value in found}
    for found in (
        re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", part)
        for part in SHEET.split("prefers-color-scheme: dark")[:2]
    )
)


@given(colour=st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), night=st.booleans())
def test_any_colour_is_made_readable(colour, night):
    ours = (DAY | NIGHT if night else DAY) | colours.shades(colour, night=night)
    pairs = [
        ("brand", "paper"), ("brand", "card"), ("brand", "brand-soft"), ("on-brand", "brand"),
        ("on-brand", "brand-strong"), ("ink", "brand-soft"),
    ]  # fmt: skip
    for one, other in pairs:
        assert colours.contrast(ours[one], ours[other]) >= colours.TEXT, (one, other, ours[one], ours[other])


def test_the_grounds_are_those_of_the_style_sheet():
    assert (DAY["paper"], DAY["card"]) == colours.DAY_GROUNDS
    assert (NIGHT["paper"], NIGHT["card"], NIGHT["on-brand"]) == colours.NIGHT_GROUNDS


def test_a_readable_colour_stays_as_it_is():
    assert colours.shades("#7a1f3d")["brand"] == "#7a1f3d"


@pytest.mark.parametrize("text", ["rouge", "#12345", "#1234567", "url(x)", "#12 345"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match="six chiffres"):
        colours.read_colour(text)
