"""What the tests of amendments share."""

import pytest

from tests.support.pages import UAI, as_sent


@pytest.fixture
def form(office, convention):
    """The form as a browser sends it back untouched, with what it must add."""
    html = office.get(f"/ecole/{UAI}/conventions/{convention.id}/avenants/nouveau").text
    said = {"nature": "postponement", "reason": "Les parties en conviennent.", "outcome": ""}
    return {**as_sent(html), **said}
