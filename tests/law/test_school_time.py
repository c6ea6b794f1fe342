"""The school's holidays: typed in its settings, carried by its next conventions, judged by the law."""

import re

import pytest
from sqlalchemy import select

from pfmp_saas.conventions.models import Convention
from pfmp_saas.core import reading
from tests.support.pages import HEAD, OFFICE, UAI

HOLIDAYS = "19/12/2026 au 03/01/2027\n13/02/2027 au 28/02/2027"


def _preferences(head, **changes):
    html = head.get(f"/ecole/{UAI}/reglages").text
    shown = dict(re.findall(r'<input type="(?!checkbox)\w+" id="(\w+)" name="\1"[^>]* value="([^"]*)"', html))
    return head.post(f"/ecole/{UAI}/reglages", data={**shown, **changes})


@pytest.mark.parametrize(
    "typed", ["19/12/2026 au 3/1/2027", "2026-12-19 2027-01-03", "du 19/12/2026 au 03/01/2027"]
)
def test_a_period_is_two_dates_however_written(typed):
    assert reading.periods(typed) == [{"start": "2026-12-19", "end": "2027-01-03"}]


@pytest.mark.parametrize(
    "typed", ["19/12/2026", "Noël", "03/01/2027 au 19/12/2026", "30/02/2027 au 05/03/2027"]
)
def test_a_period_that_is_none_is_refused(typed):
    with pytest.raises(ValueError, match=r"période|précède|calendrier"):
        reading.periods(typed)


def test_the_head_types_the_holidays_and_the_next_convention_is_judged_by_them(signed_in, db):
    head = signed_in(HEAD)
    assert _preferences(head, school_holidays=HOLIDAYS).status_code == 302
    assert HOLIDAYS in head.get(f"/ecole/{UAI}/reglages").text.replace("\r\n", "\n")
    draft = db.scalars(select(Convention).where(Convention.state == "draft")).one()
    office = signed_in(OFFICE)
    url = office.post(f"/ecole/{UAI}/conventions/{draft.id}/copier", data={"student_id": ""}).location
    copy = db.get(Convention, re.search(r"[0-9a-f-]{36}", url)[0])
    assert [each["start"] for each in copy.data["school"]["holidays"]] == ["2026-12-19", "2027-02-13"]
    page = f"/ecole/{UAI}/conventions/{copy.id}/etape"
    office.post(f"{page}/dates", data={"periods.start": "2027-02-15", "periods.end": "2027-02-19"})
    assert "5 jours de présence pendant les vacances scolaires" in office.get(f"{page}/eleve").text.replace(
        "\u00a0", " "
    )


def test_a_draft_older_than_the_list_is_judged_by_it(signed_in, db):
    head, office = signed_in(HEAD), signed_in(OFFICE)
    draft = db.scalars(select(Convention).where(Convention.state == "draft")).one()
    page = f"/ecole/{UAI}/conventions/{draft.id}/etape/eleve"
    assert "vacances scolaires" not in office.get(page).text
    _preferences(head, school_holidays="2027-01-11 au 2027-01-12")
    assert "2 jours de présence pendant les vacances scolaires" in office.get(page).text.replace(
        "\u00a0", " "
    )


def test_wrong_holidays_change_nothing(signed_in):
    head = signed_in(HEAD)
    answer = _preferences(head, school_holidays="de Noël à la Saint-Sylvestre")
    assert answer.status_code == 422
    assert "n’est pas une période" in answer.text
    assert "Saint-Sylvestre" in answer.text  # what was typed is still there
    assert "Saint-Sylvestre" not in head.get(f"/ecole/{UAI}/reglages").text
