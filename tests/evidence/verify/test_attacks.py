"""Attacks from outside on a sealed file: bytes changed, added, stripped, pasted; each with its negative control."""

import re
from datetime import timedelta

import pytest
from asn1crypto.cms import ContentInfo
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfmp_saas.documents.sealing import cms
from pfmp_saas.documents.sealing.authority import issue_seal, make_root
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.evidence.verify import BadRoot, load_roots
from tests.support.insiders import insider, other_world, resigned, with_hole
from tests.support.sealed_pdf import ABOUT, CAPACITIES, NOW, PLACES, SCHOOL, UAI, rendering, sign, world
from tests.support.tampering import FINAL_FIELD, TAMPERS, failed, hole_of, judge, nothing, reason, updated


def test_the_signed_file_passes_every_check_and_tells_who_signed():
    report = judge(world().final)
    assert report.ok, report.checks
    assert [signer.capacity for signer in report.signers] == list(CAPACITIES.values())
    assert [signer.at for signer in report.signers] == [
        NOW + timedelta(minutes=minute) for minute in range(1, 6)
    ]
    assert all(signer.intact and signer.uai == UAI and signer.school == SCHOOL for signer in report.signers)
    assert (report.uai, report.school, report.subject, report.kind) == (
        UAI,
        SCHOOL,
        "convention:42",
        "convention",
    )


def test_signatures_may_come_in_any_order():
    pdf = world().certified
    for field in reversed(CAPACITIES):
        pdf = sign(world(), field, pdf)
    assert judge(pdf).ok


def test_a_document_with_one_signature_passes():
    pdf = certify(rendering(), PLACES[:1], issue_seal(world().authority, SCHOOL, UAI, NOW), ABOUT, now=NOW)
    assert judge(sign(world(), "head", pdf), expect=1).ok


def test_without_root_trust_fails_and_says_how_to_give_one():
    assert failed(world().final, trust=[]) == {"trust"}
    assert reason(world().final, "trust", trust=[]) == "aucune racine de confiance fournie (--trust)"


def test_a_bad_root_is_refused():
    with pytest.raises(BadRoot):
        load_roots(b"hello")
    assert failed(world().final, trust=[b"hello"]) == {"trust"}


def test_several_roots_may_be_given():
    other = make_root("Autre", NOW).certificate_pem.encode()
    assert judge(world().final, trust=[other, *world().trust]).ok
    assert judge(world().final, trust=[other + world().trust[0]]).ok


@pytest.mark.parametrize("kept", range(5))
def test_a_stripped_signature_is_missed(kept):
    pdf = world().steps[kept]
    assert failed(pdf) >= {"expected-signatures"}
    found = reason(pdf, "expected-signatures")
    assert found.startswith(f"{kept} signature{'s' if kept > 1 else ''} sur 5\u00a0: il manque ")
    assert all(capacity in found for capacity in list(CAPACITIES.values())[kept:])


def test_the_last_signature_stripped_is_seen_by_that_check_alone():
    assert failed(world().steps[4]) == {"expected-signatures"}


def test_the_number_that_the_reader_expects_is_checked():
    assert judge(world().final, expect=5).ok
    assert failed(world().final, expect=6) == {"expected-signatures"}


def test_the_certification_stripped():
    assert "certification" in failed(rendering())
    assert "scellé par le service" in reason(rendering(), "certification")


def test_a_revision_cut_from_the_middle():
    steps = world().steps
    assert failed(steps[2] + world().final[len(steps[3]) :])


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_byte_changed_anywhere_is_seen(position, difference):
    pdf = bytearray(world().final)
    pdf[position % len(pdf)] ^= difference
    report = judge(bytes(pdf))
    assert not report.ok
    assert all(check.reason for check in report.checks)


@pytest.mark.parametrize("field", ["certification", "head", FINAL_FIELD])
def test_one_digit_of_a_signature_changed_is_seen(field):
    start, end = hole_of(world().final, field)
    for position in (start, start + 40, start + 700, start + 2000, start + 3500, end - 5):
        digit = world().final[position]
        pdf = bytearray(world().final)
        pdf[position] = ord("0") if digit != ord("0") else ord("1")
        assert failed(bytes(pdf)) & {"signatures-intact", "certification"}, position


@pytest.mark.attack
def test_a_signature_written_in_small_letters_is_another_file():
    start, end = hole_of(world().final, FINAL_FIELD)
    pdf = world().final[:start] + world().final[start:end].lower() + world().final[end:]
    assert failed(pdf) >= {"signatures-intact"}


@pytest.mark.parametrize("tail", [b" ", b"\n", b"%", b"\n%%EOF\n", b"x" * 5000, b"\0"])
def test_bytes_appended_are_seen(tail):
    assert failed(world().final + tail) & {"coverage", "readable"}


@pytest.mark.parametrize("head", [b" ", b"\n", b"GIF89a"])
def test_bytes_put_before_are_seen(head):
    assert failed(head + world().final) == {"readable"}


def test_another_document_glued_on_either_side_is_seen():
    assert failed(world().final + rendering("Autre"))
    assert failed(rendering("Autre") + world().final)
    assert failed(world().final + other_world().final)


@pytest.mark.parametrize("tamper", TAMPERS)
def test_an_update_after_the_last_signature_is_seen(tamper):
    found = failed(updated(world().final, tamper))
    assert found >= {"coverage", "modifications"}, found


def test_an_update_that_changes_nothing_is_no_update():
    assert updated(world().final, nothing) == world().final


def test_the_signature_of_another_document_pasted_is_seen():
    theirs = other_world().final
    start, end = hole_of(theirs, FINAL_FIELD)
    same = with_hole(world().final, FINAL_FIELD, world().final[slice(*hole_of(world().final, FINAL_FIELD))])
    assert judge(same).ok
    assert failed(with_hole(world().final, FINAL_FIELD, theirs[start:end])) >= {"signatures-intact"}


@pytest.mark.attack
def test_the_signature_of_another_field_pasted_is_seen():
    digits = world().final[slice(*hole_of(world().final, FINAL_FIELD))]
    assert failed(with_hole(world().final, "host", digits)) >= {"signatures-intact", "identity"}


@pytest.mark.parametrize(
    "digits", [b"", b"00" * 100, b"3000", b"3080", b"30820FFF", b"F" * 4000, b"zz", b"0" * 4001 + b"1"]
)
def test_empty_or_absurd_contents_are_seen(digits):
    assert failed(with_hole(world().final, FINAL_FIELD, digits)) & {"signatures-intact", "readable"}


@pytest.mark.parametrize(
    "numbers",
    [
        b"[]",
        b"null",
        b"[0 0 0 0]",
        b"[0 1 2]",
        b"[0 10 20 30 40]",
        b"[0 -1 5 5]",
        b"[0 99999999 99999999 99999999]",
        b"[1 2 3 4]",
        b"[0 (a) 3 4]",
        b"[0 1.5 3 4]",
        b"<</A 1>>",
        b"99999 0 R",
    ],
)
@pytest.mark.parametrize("field", ["certification", FINAL_FIELD])
def test_empty_null_or_oversized_byte_ranges_are_seen(numbers, field):
    start, _ = hole_of(world().final, field)
    at = [found.start() for found in re.finditer(rb"/ByteRange ", world().final)]
    place = min((each for each in at if each > start - 400), key=lambda each: abs(each - start)) + len(
        "/ByteRange "
    )
    end = world().final.index(b"\n", place)  # pyHanko leaves blanks after the array
    pdf = world().final[:place] + numbers.ljust(end - place) + world().final[end:]
    assert len(pdf) == len(world().final)
    assert failed(pdf) & {"signatures-intact", "coverage", "readable"}


def test_a_byte_range_that_leaves_more_out_is_seen():
    """Signature wrapping: the hole grows over bytes that may then change."""

    pdf = insider(world().steps[4], FINAL_FIELD, nothing)
    start, end = hole_of(pdf, FINAL_FIELD)
    old = b"[0 %d %d %d]" % (start - 1, end + 1, len(pdf) - end - 1)
    assert old in pdf
    new = b"[0 %d %d %d]" % (start - 1, end + 60, len(pdf) - end - 60)
    changed = pdf.replace(old, new.ljust(len(old)))
    assert failed(changed) >= {"signatures-intact", "coverage"}


@pytest.mark.attack
def test_a_certificate_added_to_the_cms_is_seen():
    def add(signed_data):
        extra = Certificate.load(cms.der(world().key("head").certificate))
        signed_data["certificates"].append(extra)
        return ContentInfo({"content_type": "signed_data", "content": signed_data}).dump(force=True)

    def leave(signed_data):
        return ContentInfo({"content_type": "signed_data", "content": signed_data}).dump()

    assert judge(resigned(leave)).ok
    assert failed(resigned(add, room=8192)) >= {"signatures-intact", "appearance"}


@pytest.mark.attack
def test_the_other_equivalent_signature_value_is_seen():
    """ECDSA is malleable: (r, n - s) verifies as well, and anyone can compute it."""

    def turn_over(signed_data):
        r, s = decode_dss_signature(signed_data["signer_infos"][0]["signature"].native)
        signed_data["signer_infos"][0]["signature"] = encode_dss_signature(r, cms._P256_ORDER - s)
        return ContentInfo({"content_type": "signed_data", "content": signed_data}).dump(force=True)

    assert failed(resigned(turn_over)) == {"signatures-intact"}
