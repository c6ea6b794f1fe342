"""Pupils are shared out between referents in proportion to the hours that each teaches the class."""

from hypothesis import given
from hypothesis import strategies as some

from pfmp_saas.campaigns.sharing import shares, spread

TEACHERS = some.dictionaries(
    some.sampled_from("abcdefgh"), some.floats(0, 40).map(lambda hours: round(hours, 1))
)


def test_in_proportion_to_the_hours():
    assert shares(24, {"petit": 6, "diallo": 2}) == {"petit": 18, "diallo": 6}
    assert shares(5, {"petit": 1, "diallo": 1}) == {"petit": 3, "diallo": 2}
    assert spread(3, {"petit": 2, "diallo": 1}) == ["petit", "petit", "diallo"]
    assert spread(2, {"petit": 0}) == [None, None]


@given(some.integers(0, 60), TEACHERS)
def test_every_pupil_has_one_teacher_who_is_within_one_of_the_exact_share(number, hours):
    taught = {who: each for who, each in hours.items() if each > 0}
    found = shares(number, hours)
    assert sum(found.values()) == (number if taught else 0)
    for who, each in hours.items():
        exact = number * each / sum(taught.values()) if taught else 0
        assert abs(found[who] - exact) < 1 + 1e-9
    assert len(spread(number, hours)) == number
