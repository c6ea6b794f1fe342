"""Each version of the renderer gives the bytes that it gave: what was frozen by it can be rendered again for ever."""

import hashlib

import pytest

from pfmp_saas.documents.versions import CURRENT, FIRST, VERSIONS, render, render_attestation
from pfmp_saas.types.compose import compose, compose_attestation
from pfmp_saas.types.loader import get_type
from tests.support.examples import example

FACTS = {"days": 20, "gratification": 0, "place": "Chenôve", "date": "2027-02-05"}
PINNED = {
    "1": {
        "agricole": ("11758617f163564e", "dc056bc6138da597"),
        "bts-stage": ("81c771abf40259ca", "ab677d62ea63d568"),
        "lycee-pyrene": ("9595780b8cef94e9", "bf273d5973461d2e"),
        "national-2016": ("b6f4823da5cac6a2", "c8f697f24a15d811"),
    }
}
"""The first sixteen digits of the SHA-256 of a convention and of an attestation, by version and type.

Where one differs because a page has changed: make a new version, and leave the former's lines as they are. Where it
differs because a convention-type has another text, write the new digits: what was frozen keeps its own text.
"""


def test_the_first_and_the_current_version_are_there():
    assert {FIRST, CURRENT} <= set(VERSIONS) == set(PINNED)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_gives_the_bytes_that_it_gave(version):
    found = {}
    for slug in PINNED[version]:
        data = example(slug)
        pages = (
            render(compose(get_type(slug), data), version),
            render_attestation(compose_attestation(get_type(slug), data | {"attestation": FACTS}), version),
        )
        assert {page.version for page in pages} == {version}
        found[slug] = tuple(hashlib.sha256(page.pdf).hexdigest()[:16] for page in pages)
    assert found == PINNED[version]
