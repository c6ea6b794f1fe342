"""A file that the verifier accepts looks the same in every reader; one that looks otherwise anywhere is refused."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pfmp_saas.documents.convention import render
from pfmp_saas.documents.sealing.authority import issue_seal
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.values import FieldPlace
from pfmp_saas.types.compose import compose
from pfmp_saas.types.loader import get_type
from tests.support.attacks_bytes import PLANTED, WRITTEN, drawn, planted, signed_with
from tests.support.attacks_pdf import PDF_ATTACKS
from tests.support.insiders import certified_with
from tests.support.readers import disagreements
from tests.support.sealed_pdf import ABOUT, CAPACITIES, NOW, SCHOOL, UAI, rendering, sign, world
from tests.support.tampering import judge

DATA = Path(__file__).parents[2] / "data"
TYPES = ("national-2016", "agricole", "lycee-pyrene", "bts-stage")


def _signed(slug, words):
    """Return a convention of a type signed by five, with so many objectives and activities, and its rendering."""
    data = json.loads((DATA / f"{slug}.json").read_text(encoding="utf-8"))
    data["objectives"] = data["activities"] = ["Apprendre un geste du métier"] * words
    rendered = render(compose(get_type(slug), data))
    wanted = dict(zip(CAPACITIES, rendered.places, strict=False))
    places = [
        FieldPlace(field, place.page, (place.x1, place.y1, place.x2, place.y2), CAPACITIES[field])
        for field, place in wanted.items()
    ]
    pdf = certify(rendered.pdf, places, issue_seal(world().authority, SCHOOL, UAI, NOW), ABOUT, now=NOW)
    for minute, field in enumerate(wanted, 1):
        pdf = sign(world(), field, pdf, NOW + timedelta(minutes=minute))
    return pdf, rendered.pdf


@pytest.mark.parametrize("words", [1, 20, 40, 120, 300, 500, pytest.param(1000, marks=pytest.mark.long)])
@pytest.mark.parametrize("slug", TYPES)
def test_an_honest_file_looks_the_same_in_every_reader(slug, words, tmp_path):
    pdf, frozen = _signed(slug, words)
    assert judge(pdf).ok, judge(pdf).failed()
    assert disagreements(pdf, frozen, tmp_path) == []


@pytest.mark.long
@pytest.mark.parametrize("slug", TYPES)
def test_a_hundred_and_twenty_five_honest_files_of_each_type(slug, tmp_path):
    for words in range(2, 627, 5):
        pdf, frozen = _signed(slug, words)
        assert judge(pdf).ok, (words, judge(pdf).failed())
        assert disagreements(pdf, frozen, tmp_path) == [], words


@pytest.mark.long
def test_no_attacked_file_is_accepted_and_looks_otherwise(tmp_path):
    made = [attack.how().content for attack in PDF_ATTACKS]
    made += [signed_with(attack.how) for attack in WRITTEN] + [planted(attack.how) for attack in PLANTED]
    accepted = [pdf for pdf in made if judge(pdf).ok]
    assert [disagreements(pdf, rendering(), tmp_path) for pdf in accepted] == []


def test_the_comparison_sees_another_page(tmp_path):
    """The control: another text of the page, in a file that is otherwise whole, is seen by every reader."""
    other = certified_with(lambda _pdf: rendering("Autre"))
    told = disagreements(other, rendering("Convention"), tmp_path)
    assert told == ["pypdf: contents", "pikepdf: contents", "_by_pdfium: picture", "_by_poppler: picture"]
    assert disagreements(drawn(), rendering(), tmp_path) == []
