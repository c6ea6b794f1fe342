"""The mentions that the law wants, each missed by name; and what an empty or odd convention says."""

import pytest

from tests.support.law import DAY, aged, blocks, codes, convention, findings, places


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("student.course_title", 1),
        ("student.course_hours", 1),
        ("referent.name", 2),
        ("tutor.name", 2),
        ("objectives", 3),
        ("activities", 4),
        ("periods", 5),
        ("timetable", 6),
        ("supervision", 7),
        ("host.insurer.name", 9),
        ("school.insurer.name", 9),
    ],
)
@pytest.mark.parametrize("kind", ["national-2016", "agricole", "lycee-pyrene", "bts-stage"])
def test_each_required_mention_is_missed(kind, path, number):
    for blank in (None, [] if path in ("objectives", "activities", "periods") else None):
        data = convention(**{path.replace(".", "__"): blank}, type=kind, works=[])
        (found,) = [found for found in findings(data) if found.code == "mention-missing"]
        assert (found.where, found.severity) == (path, "block")
        assert f"ention {number} absente" in found.message


def test_blank_text_is_no_mention():
    assert codes(convention(supervision="  \n ")) == ["mention-missing"]
    assert codes(convention(objectives=["", " "])) == ["mention-missing"]


@pytest.mark.parametrize(
    "path", ["school.name", "school.head.name", "host.name", "host.representative.name", "student.last_name", "student.guardian.name"]
)  # fmt: skip
def test_parties_are_named(path):
    data = convention(**{path.replace(".", "__"): None})
    assert places(data, "mention-missing") == [path]


def test_a_host_has_a_siret_or_says_why_not():
    (found,) = findings(convention(host__siret=None))
    assert (found.code, found.where, found.severity) == ("mention-missing", "host.siret", "warn")
    assert codes(convention(host__siret=None, host__without_siret="unregistered")) == []
    bare = convention(host__siret=None, host__without_siret="abroad", host__address=None)
    assert ("host.address", "warn") in {(found.where, found.severity) for found in findings(bare)}


def test_a_pupil_may_bear_a_single_name():
    (found,) = findings(convention(student__first_name=None))
    assert (found.where, found.severity) == ("student.first_name", "warn")
    assert blocks(convention(student__last_name=None)) == {"mention-missing"}


def test_an_adult_needs_no_guardian():
    assert codes(aged(18, student__guardian=None)) == []


def test_an_unknown_age_is_a_missing_mention_and_nothing_else():
    assert places(convention(student__birth_date=None), "mention-missing") == ["student.birth_date"]
    assert codes(convention(student__birth_date=None)) == ["mention-missing"]


def test_board_date_and_uai_are_warned_of():
    found = findings(convention(school__board_date=None, school__uai="0211033K"))
    assert {(f.where, f.severity) for f in found} == {("school.board_date", "warn"), ("school.uai", "warn")}


def test_dated_hours_lie_inside_the_periods():
    assert codes(convention(days={"2027-02-06": []})) == []
    assert places(convention(days={"2027-02-06": DAY}), "mention-missing") == ["days.2027-02-06"]


def test_special_presence_is_said_with_its_compensating_rest():
    sunday = {"2027-01-17": [["08:00", "10:00"]], "2027-01-18": [], "2027-01-19": [], "2027-01-15": []}
    farm = aged(18, type="agricole", days=sunday)
    assert places(farm, "mention-missing") == ["presence.sunday", "presence.compensation"]
    assert blocks(farm) == {"mention-missing"}
    farm["presence"] = {"sunday": "Traite du matin", "compensation": "Lundi suivant"}
    assert codes(farm) == []
    national = findings(aged(18, days=sunday))
    assert [(f.where, f.severity) for f in national] == [("presence.sunday", "warn")]


def test_an_empty_convention_lacks_every_mention_and_is_not_a_fault_of_the_program():
    data = {"type": "national-2016"}
    missing = places(data, "mention-missing")
    assert {"periods", "timetable", "objectives", "student.birth_date", "school.name"} <= set(missing)
