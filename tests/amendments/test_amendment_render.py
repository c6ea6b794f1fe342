"""The printed amendment: it stays in its page whatever it says, and what people typed is never read as a template."""

import subprocess

import pytest

from pfmp_saas.amendments.changes import changes
from pfmp_saas.amendments.document import AmendmentContent, render_amendment
from pfmp_saas.amendments.states import NATURES, OUTCOMES
from pfmp_saas.types.loader import available, get_type
from tests.support.examples import LONG, example, long_data
from tests.support.laid_out import collisions, inside, outside, pages

ALL = frozenset(("head", "host_representative", "student", "referent", "tutor"))
HASH = "0123456789abcdef" * 4


def told(before, after, **changed):
    said = {"nature": "suspension", "reason": "Accord des parties.", "outcome": "validated", **changed}
    return AmendmentContent("2026-00001", 1, "11/10/2026", HASH, changes=changes(before, after), **said)


def longest(slug):
    data = long_data(slug)
    data["activities"] = [f"{rank} {LONG}" for rank in range(80)] + ["x" * 600]
    data["periods"] = [{"start": f"2027-0{month}-01", "end": f"2027-0{month}-20"} for month in range(1, 7)]
    data["days"] = {f"2027-01-{day:02d}": [["08:00", "12:00"]] for day in range(1, 32)}
    return data


def text(pdf, tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(found.split())


@pytest.mark.parametrize("slug", available())
def test_the_longest_amendment_stays_in_its_page(slug, tmp_path):
    before, after = example(slug), longest(slug)
    said = told(before, after, reason=f"{LONG * 20}\n" + "W" * 900)
    result = render_amendment(get_type(slug), after, said, ALL)
    found = pages(result.pdf, tmp_path)
    assert [outside(words) for words in found if outside(words)] == []
    assert [collisions(words) for words in found if collisions(words)] == []
    assert len(result.places) == 5
    assert all(inside(found[place.page], place) == [] for place in result.places)


@pytest.mark.parametrize("slug", available())
def test_it_says_what_it_amends_why_and_each_change(slug, tmp_path):
    before = example(slug)
    after = {**before, "tutor": {**before["tutor"], "name": "Nora {frozen_hash} {{ 7*7 }} <b>Haddad</b>"}}
    found = text(render_amendment(get_type(slug), after, told(before, after), ALL).pdf, tmp_path)
    for said in (
        "Avenant no 1 à la convention no 2026-00001",
        HASH,
        "11/10/2026",
        NATURES["suspension"],
        OUTCOMES["validated"],
        before["tutor"]["name"],
        "Nora {frozen_hash} {{ 7*7 }} <b>Haddad</b>",
        "D. 124-4",
        before["host"]["name"],
    ):
        assert said in found, said


def test_a_week_in_which_one_day_changes_shows_that_day():
    before = {"timetable": {"monday": [["08:00", "12:00"]], "tuesday": [["08:00", "12:00"]]}}
    after = {"timetable": {"monday": [["09:00", "12:00"]], "tuesday": [["08:00", "12:00"]]}}
    (change,) = changes(before, after)
    assert (change.before, change.after) == (("Lundi : 08:00–12:00",), ("Lundi : 09:00–12:00",))
