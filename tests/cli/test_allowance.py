"""pfmp allowance: every published figure, the cap, what was granted before, and how it refuses."""

import csv
import json
from pathlib import Path

import pytest

from pfmp_saas.law.money import rates

FIGURES = Path(rates.__file__).with_name("allowance-rates.csv")
LINES = [line for line in csv.DictReader(FIGURES.open(encoding="utf-8")) if not line["only_these_mef"]]
UNDECIDED = {("2023-2024", "253")}  # the code does not tell its level: two rates


def _asked(mef, ministry="MENJ", year="2025-2026", days="10", *more):
    words = ("--mef", mef, "--ministry", ministry, "--school-year", year, "--days", days)
    return ("allowance", *words, *more, "--json")


@pytest.mark.parametrize("line", LINES, ids=lambda line: "-".join(list(line.values())[:4]))
def test_every_published_figure_is_the_courses(pfmp, line):
    year = line["mefstat4"][-1] if line["mefstat4"][-1] != "0" else "1"
    mef = f"{line['mef_dispositif']}2522032"[:9] + year
    code, out, err = pfmp(*_asked(mef, line["ministry"], line["school_year"], "1"))
    if (line["school_year"], line["mef_dispositif"]) in UNDECIDED:
        assert (code, out) == (2, "")
        assert "deux barèmes" in err
    else:
        answer = json.loads(out)
        assert answer["rate"] == answer["amount"] == int(line["euros_per_day"])
        assert answer["cap"] == int(line["euros_cap_per_year"])


@pytest.mark.parametrize(("days", "granted", "amount"), [
    ("30", "0", 450), ("40", "0", 600), ("41", "0", 600), ("20", "500", 100), ("20", "600", 0), ("20", "700", 0),
    ("10,5", "0", 157.5), ("0", "0", 0), ("20", "450.25", 149.75),
])  # fmt: skip
def test_the_amount_is_the_days_up_to_what_the_cap_leaves(pfmp, days, granted, amount):
    _, out, _ = pfmp(*_asked("24725220320", "MENJ", "2025-2026", days, "--granted", granted))
    assert json.loads(out)["amount"] == amount


def test_a_rate_written_for_one_course_is_that_courses_alone(pfmp):
    def of(mef):
        return json.loads(pfmp(*_asked(mef, "MER", "2025-2026", "60"))[1])["cap"]

    assert (of("2472120432"), of("24721204320"), of("2472120532")) == (600, 600, 450)


def test_a_year_not_yet_published_takes_the_last_one_and_says_so(pfmp):
    _, out, _ = pfmp(*_asked("24725220330", year="2026-2027"))
    assert json.loads(out) == {
        "school_year": "2026-2027", "rate": 20, "cap": 1000, "amount": 200, "published": False
    }  # fmt: skip
    assert "dernière année connue" in pfmp(*_asked("24725220330", year="2026-2027")[:-1])[1]


@pytest.mark.parametrize(("words", "reason"), [
    (_asked("31100000000"), "aucun barème"), (_asked("24725220320", "MASA"), "aucun barème"),
    (_asked("24725220320", year="2022-2023"), "aucun barème avant 2023"), (_asked("247"), "code MEF"),
    (_asked("2472522032x"), "code MEF"), (_asked("24725220320", "MEN"), "--ministry"),
    (_asked("24725220320", year="2025"), "--school-year"), (_asked("24725220320", year="2025-2027"), "--school-year"),
    (_asked("24725220320", days="NaN"), "--days"), (_asked("24725220320", days="-1"), "--days"),
    (_asked("24725220320", days="1e9"), "--days"), (_asked("24725220320", days="367"), "--days"),
    (_asked("24725220320", "MENJ", "2025-2026", "1", "--granted", "beaucoup"), "--granted"),
])  # fmt: skip
def test_what_has_no_rate_or_is_no_number_is_refused_in_one_line(pfmp, words, reason):
    code, out, err = pfmp(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert reason in err
