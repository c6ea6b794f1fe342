"""Files that two readers could read in two ways, planted or drawn otherwise: each is refused, its control passes."""

import pytest

from pfmp_saas.documents.sealing.names import SIGNATURE_FONTS
from pfmp_saas.evidence.verify.file.frozen import signature_font
from pfmp_saas.evidence.verify.file.grammar import sections_of
from pfmp_saas.evidence.verify.file.structure import table_offsets
from tests.support.attacks_bytes import DRAWN, PLANTED, WRITTEN, drawn, planted, signed_with
from tests.support.sealed_pdf import world
from tests.support.tampering import failed, judge


def test_the_attacker_s_tools_make_good_files_when_they_change_nothing():
    assert judge(signed_with(lambda revision, _start: revision)).ok
    assert judge(planted(lambda _update: None)).ok
    assert judge(drawn()).ok


@pytest.mark.parametrize("attack", WRITTEN, ids=lambda attack: attack.name)
def test_an_act_written_otherwise_is_refused(attack):
    assert failed(signed_with(attack.how)) & {"bytes", "readable"}


@pytest.mark.parametrize("attack", PLANTED, ids=lambda attack: attack.name)
def test_what_the_renderer_never_writes_is_refused(attack):
    assert "active-content" in failed(planted(attack.how))


@pytest.mark.parametrize("change", DRAWN)
def test_what_is_drawn_or_said_in_a_signature_is_its_certificate_s(change):
    assert "appearance" in failed(drawn(**DRAWN[change]))


def test_the_font_of_signatures_is_known_by_its_content():
    pdf = world().certified
    rendered, certified = sections_of(pdf, table_offsets(pdf))
    assert signature_font({**rendered.objects, **certified.objects}, certified)[0] in SIGNATURE_FONTS


@pytest.mark.parametrize("junk", [b" ", b"\n", b"%\n", b"\0"])
def test_no_byte_is_over_anywhere_in_the_frozen_document(junk):
    pdf = world().certified
    for place in (
        pdf.find(b"1 0 obj"),
        pdf.find(b"endobj") + 7,
        pdf.find(b"xref\n"),
        pdf.find(b"trailer"),
        len(pdf),
    ):
        assert "bytes" in failed(pdf[:place] + junk + pdf[place:]) or failed(
            pdf[:place] + junk + pdf[place:]
        ) == {"readable"}
