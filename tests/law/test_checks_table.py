"""Cases of the law as a table: an article, one reason, the last lawful side and the first unlawful one."""

import json
from pathlib import Path

import pytest

from pfmp_saas.law.checks.model import CODES
from tests.support.law import aged, codes

CASES = json.loads((Path(__file__).with_name("cases.json")).read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["reason"])
def test_both_sides_of_a_boundary(case):
    common = {"type": case["type"], **case["common"]}
    lawful = aged(case["age"], **{**common, **case["lawful"]})
    fault = aged(case["age"], **{**common, **case["fault"]})
    assert (case["code"] in codes(lawful), case["code"] in codes(fault)) == (False, True)


def test_no_two_cases_have_one_reason_and_each_names_its_article():
    assert len({case["reason"] for case in CASES}) == len(CASES)
    bent = {json.dumps([case[key] for key in ("type", "age", "common", "lawful", "fault")]) for case in CASES}
    assert len(bent) == len(CASES)
    assert all(case["article"] and case["code"] in CODES for case in CASES)
