"""The school's page of a host's half."""

import pytest

from tests.support.pages import UAI


@pytest.fixture
def own(draft):
    """The school's page of the host's half of a draft."""
    return f"/ecole/{UAI}/conventions/{draft.id}/accueil"
