"""PAdES B-T at each act and the closing: what we say of them, what public tools say, and every way to lose them."""

import re
import subprocess
from datetime import timedelta
from io import BytesIO

import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from pfmp_saas.documents.sealing.values import FieldTaken, NoSuchField
from pfmp_saas.evidence.timestamping import StampFailed
from pfmp_saas.evidence.verify import judge_pdf
from tests.support.sealed_pdf import CAPACITIES, NOW, closed, sign, stamped, stamper, world
from tests.support.tsa import Tsa

KINDS = ["ecdsa", "rsa"]


def failures(pdf, **changed):
    return set(judge_pdf(pdf, stamped().held(**changed)).failed())


def told(pdf, check, **changed):
    return next(
        each.reason for each in judge_pdf(pdf, stamped().held(**changed)).checks if each.name == check
    )


@pytest.mark.parametrize("kind", KINDS)
def test_five_stamped_signatures_and_the_closing_pass_every_check(kind):
    report = judge_pdf(stamped(kind).final, stamped(kind).held())
    assert report.ok, report.checks
    assert [signer.at for signer in report.signers] == [
        NOW + timedelta(minutes=minute, seconds=1) for minute in range(1, 6)
    ]
    reasons = {check.name: check.reason for check in report.checks}
    assert "PAdES B-T" in reasons["timestamps"]
    assert "document clos le 06/01/2025 à 09:40:00 UTC par Horodatage d’essai" in reasons["closing"]


def test_without_the_authority_s_certificate_the_verdict_says_how_to_give_it():
    assert failures(stamped().final, authorities=()) == {"timestamps", "closing"}
    assert "--tsa" in told(stamped().final, "timestamps", authorities=())


def test_the_closing_stripped_is_seen():
    assert failures(stamped().steps[-2]) == {"closing"}


def test_a_timestamp_taken_away_before_the_closing_is_a_downgrade_and_seen():
    pdf = stamped().steps[4]
    plain = sign(world(), "tutor", pdf, NOW + timedelta(minutes=5))
    again = closed(world(), plain, stamper(stamped().tsa, NOW + timedelta(minutes=10)))
    assert failures(again) == {"timestamps"}
    assert "manque" in told(again, "timestamps")


def test_an_authority_that_fails_leaves_nothing_behind():
    def fails(_digest):
        raise StampFailed("non")

    with pytest.raises(StampFailed):
        sign(world(), "tutor", stamped().steps[4], NOW, fails)
    with pytest.raises(StampFailed):
        closed(world(), stamped().steps[5], fails)


def test_a_file_closes_once_and_only_if_it_was_frozen_for_it():
    with pytest.raises(FieldTaken):
        closed(world(), stamped().final, stamper(stamped().tsa))
    with pytest.raises(NoSuchField):
        closed(world(), world().final, stamper(stamped().tsa))


def test_another_authority_of_the_same_name_is_not_trusted():
    assert failures(stamped().final, authorities=(Tsa().root_pem,)) == {"timestamps", "closing"}


def test_pdfsig_finds_the_stamped_file_valid(tmp_path):
    (tmp_path / "final.pdf").write_bytes(stamped().final)
    seen = subprocess.run(
        ["pdfsig", "final.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    assert re.findall(r"Signature Field Name: (\S+)", seen) == ["certification", "cloture", *CAPACITIES]
    assert seen.count("Signature Validation: Signature is Valid.") >= 6
    check = subprocess.run(
        ["qpdf", "--check", "final.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_pyhanko_trusts_signatures_and_timestamps(kind):
    base = stamped(kind)
    trusted = [*base.world.trust, base.tsa.root_pem]
    roots = [each for pem in trusted for each in load_certs_from_pemder_data(pem)]
    reader = PdfFileReader(BytesIO(base.final))
    for signature in reader.embedded_regular_signatures:
        context = ValidationContext(
            trust_roots=roots, moment=NOW + timedelta(minutes=6), allow_fetching=False
        )
        status = validate_pdf_signature(signature, context)
        assert status.bottom_line, signature.field_name
        assert status.modification_level <= ModificationLevel.FORM_FILLING
        assert (status.timestamp_validity is not None) == (signature.field_name != "certification")
    (closing,) = reader.embedded_timestamp_signatures
    context = ValidationContext(trust_roots=roots, moment=NOW + timedelta(minutes=11), allow_fetching=False)
    status = validate_pdf_timestamp(closing, context)
    assert status.intact
    assert status.valid
    assert status.trusted
