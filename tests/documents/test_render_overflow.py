"""Nothing leaves the margins, stands on another text or in a signature's place, whatever the content."""

import re
from dataclasses import replace

import pytest

from pfmp_saas.documents.content import Letterhead
from pfmp_saas.documents.convention import render
from pfmp_saas.documents.images import checked_logo
from pfmp_saas.types.compose import compose
from pfmp_saas.types.loader import available, get_type
from tests.support.examples import example, long_data
from tests.support.laid_out import HEIGHT, collisions, inside, outside, pages
from tests.support.pictures import LINES, drawn


def unbroken(slug: str) -> dict:
    """The longest content, without a blank to break at."""
    data = long_data(slug)
    data["host"]["address"] = "Rue" + "x" * 397
    data["school"]["address"] = "W" * 400
    data["objectives"] = [f"{n}" + "œ" * 300 for n in range(60)]
    return data


CONTENTS = {"shortest": lambda _: {}, "usual": example, "longest": long_data, "unbroken": unbroken}
CASES = [(slug, name) for slug in available() for name in CONTENTS]


def laid(slug: str, name: str):
    content = compose(get_type(slug), CONTENTS[name](slug))
    return render(replace(content, letterhead=Letterhead(checked_logo(drawn("PNG")), LINES)))


@pytest.mark.parametrize(("slug", "name"), CASES)
def test_words_keep_to_the_margins_and_apart_and_leave_the_signatures_places(slug, name, tmp_path):
    result = laid(slug, name)
    found = pages(result.pdf, tmp_path)
    assert [outside(words) for words in found if outside(words)] == []
    assert [collisions(words) for words in found if collisions(words)] == []
    assert len(result.places) == 5
    assert [
        inside(found[place.page], place) for place in result.places if inside(found[place.page], place)
    ] == []


def test_the_measures_see_what_is_wrong():
    word = (100.0, 100.0, 150.0, 112.0, "mot")
    place = laid("national-2016", "shortest").places[0]
    assert outside([(30.0, 100.0, 80.0, 112.0, "dehors")]) == ["dehors"]
    assert outside([word]) == []
    assert collisions([word, (120.0, 101.0, 160.0, 113.0, "dessus")]) == [("mot", "dessus")]
    assert collisions([word, (152.0, 100.0, 160.0, 112.0, "après")]) == []
    middle = (place.x1 + 5, HEIGHT - place.y2 + 5, place.x1 + 30, HEIGHT - place.y2 + 17, "dedans")
    assert inside([middle], place) == ["dedans"]


@pytest.mark.parametrize(("slug", "name"), CASES)
def test_no_heading_ends_a_page(slug, name, tmp_path):
    """The last words above a footer are never an article's title."""
    headings = {re.sub(r"\s", "", article.heading) for article in get_type(slug).articles}
    for words in pages(laid(slug, name).pdf, tmp_path):
        body = [w for w in words if w[3] < HEIGHT - 40]
        last = max((w[3] for w in body), default=0)
        line = "".join(w[4] for w in sorted(body) if last - w[3] < 2)
        assert re.sub(r"\s", "", line) not in headings
