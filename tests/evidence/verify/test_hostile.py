"""Structures made to break or exhaust the reader: a verdict each time, quickly, never a traceback."""

import random
import re
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError

from pfmp_saas.documents.sealing import prepare
from pfmp_saas.evidence.verify.file.reader import _bounded_file
from tests.support.insiders import bomb, braid, certified_with
from tests.support.sealed_pdf import rendering, world
from tests.support.tampering import failed, judge
from tests.support.waiting import ends


@pytest.mark.attack
def test_hybrid_streamed_and_encrypted_files_are_refused():
    final = world().final
    for key in (b"/XRefStm 10 ", b"/Encrypt 1 0 R "):
        at = final.rfind(b"/Prev")
        assert failed(final[:at] + key + final[at:]) == {"readable"}


def test_a_file_that_is_no_convention_of_ours_is_told_so():
    assert "certification" in failed(rendering())
    for junk in (b"", b"%PDF-", b"hello", b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"\x00" * 1000):
        report = judge(junk)
        assert report.failed() == ("readable",)


@pytest.mark.attack
def test_more_than_thirty_megabytes_are_refused_at_once():
    with ends():
        assert failed(world().final + b"\n" * (31 * 1024 * 1024)) == {"readable"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "pdf",
    [
        bomb(b"[" * 200_000),
        bomb(b"<</A" * 100_000),
        bomb(b"(" * 200_000),
        bomb(b"<</AcroForm 1 0 R/Fields 1 0 R>>"),
        bomb(b"<</AcroForm<</Fields[" + b"1 0 R " * 100_000 + b"]>>>>"),
        bomb(b"<<>>", 100_000),
        bomb(b"1 0 R"),
        bomb(b"<</AcroForm<</Fields[" + b"0 " * 3_000_000 + b"]>>>>"),
        bomb(b"<</AcroForm<" + b"a" * 8_000_000 + b">>>"),
    ],
    ids=range(9),
)
def test_absurd_structures_give_a_verdict_quickly(pdf):
    with ends():
        assert not judge(pdf).ok


@pytest.mark.attack
@pytest.mark.parametrize("to_a_field", [True, False])
def test_a_trillion_paths_in_the_certified_revision_give_a_verdict_quickly(monkeypatch, to_a_field):
    """No check lists them: what is not on the list of what a frozen document may hold ends the walk."""
    whole = prepare._catalogue

    def braided(update, fields, stated):
        whole(update, fields, stated)
        braid(update, fields[1] if to_a_field else None)

    monkeypatch.setattr(prepare, "_catalogue", braided)
    pdf = certified_with(lambda pdf: pdf)
    with ends():
        assert failed(pdf) == {"active-content"}


def test_a_hex_string_is_read_at_once_as_pyhanko_reads_it_digit_by_digit():
    generator = random.Random(7)
    plain = [generator.randbytes(generator.randrange(40)).hex() for _ in range(200)]
    odd = ["", "a", "0 1", "0g", "FEFF00e9", "\n41", "4" * 200_000]
    for digits in plain + odd:
        pdf = f"<{digits}> 7".encode()
        outcomes = []
        for stream in (_bounded_file(pdf), BytesIO(pdf)):
            try:
                outcomes.append((generic.read_hex_string_from_stream(stream), stream.tell()))
            except PdfError as error:
                outcomes.append(str(error))
        assert outcomes[0] == outcomes[1], digits[:20]


@pytest.mark.attack
def test_a_loop_of_revisions_is_refused():
    final = world().final
    offset = re.findall(rb"startxref\n(\d+)", final)[-1]
    previous = re.findall(rb"/Prev (\d+)", final)[-1]
    at = final.rfind(b"/Prev " + previous)
    assert failed(final[:at] + b"/Prev " + offset + final[at + 6 + len(previous) :]) == {"readable"}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_mutation_gives_a_verdict(data):
    final = world().final
    start = data.draw(st.integers(0, len(final)))
    end = data.draw(st.integers(start, min(len(final), start + 3000)))
    pasted = data.draw(
        st.one_of(st.binary(max_size=60), st.integers(0, len(final)).map(lambda at: final[at : at + 500]))
    )
    pdf = final[:start] + pasted + final[end:]
    assert judge(pdf).ok == (pdf == final)
