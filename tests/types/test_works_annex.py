"""A type that lets a minor be given regulated works prints their list, or is not adopted."""

from dataclasses import replace

import pytest

from pfmp_saas.types.loader import get_type
from pfmp_saas.types.mentions import missing
from pfmp_saas.types.templates import WorksT


def without_works(slug):
    kind = get_type(slug)
    kept = tuple(
        annex for annex in kind.annexes if not any(isinstance(block, WorksT) for block in annex.blocks)
    )
    return replace(kind, annexes=kept)


def said(kind):
    return any("travaux réglementés" in line for line in missing(kind))


@pytest.mark.parametrize("slug", ["national-2016", "agricole", "lycee-pyrene"])
def test_dropping_the_annex_of_works_keeps_a_type_from_adoption(slug):
    assert not said(get_type(slug))
    assert said(without_works(slug))


def test_a_model_for_adults_needs_no_annex_of_works():
    assert not said(without_works("bts-stage"))
