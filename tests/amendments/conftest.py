"""What the tests of amendments share."""

import re
from html import unescape

import pytest

from tests.support.pages import UAI


@pytest.fixture
def form(office, convention):
    """The form as a browser sends it back untouched, with what it must add."""
    html = office.get(f"/ecole/{UAI}/conventions/{convention.id}/avenants/nouveau").text
    inputs = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', html)
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', html)
    choices = re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL)
    chosen = [(name, *re.findall(r'value="([^"]*)" selected', options)) for name, options in choices]
    fields = inputs + areas + [each for each in chosen if len(each) == 2]
    shown = {name: unescape(value) for name, value in fields if name != "csrf_token"}
    said = {"nature": "postponement", "reason": "Les parties en conviennent.", "outcome": ""}
    return {**shown, **said}
