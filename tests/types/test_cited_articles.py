"""The articles that findings cite: the model's own, under the numbers that a school's revision gives them."""

from pfmp_saas.types.loader import get_type
from pfmp_saas.types.revisions import edits
from pfmp_saas.types.revisions.content import built, derived

MODEL = "convention nationale de 2016, art."


def test_findings_cite_the_articles_of_a_school_s_type_under_their_present_numbers():
    base = get_type("national-2016")
    assert base.profile.cite("adult-hours") == f"{MODEL} 6 et 7"
    moved = built(edits.removed(7)(edits.moved(8, 1)(derived(base.slug))), base)
    assert moved.profile.cite("minor-hours") == f"{MODEL} 1"
    assert moved.profile.cite("adult-hours") == f"{MODEL} 7"  # article 6 was removed
    assert moved.profile.cite("electrical") == f"{MODEL} 10"
    assert moved.profile.cite("age") == ""
