"""What public tools say of a proof bundle, taken apart as docs/verify.md tells: they agree, and see the tampering they can see."""

import re
import subprocess
import zipfile
from io import BytesIO

import pytest

from tests.support.bundled import school
from tests.support.sealed_pdf import CAPACITIES, NAMES, NOW, world
from tests.support.tampering import replace_page, updated

AT = str(int(NOW.timestamp()) + 600)
FIELDS = ["certification", *CAPACITIES]


def run(pieces, *command):
    done = subprocess.run(command, cwd=pieces, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_pdfsig_names_every_signer_and_only_the_closing_covers_the_total_document(pieces):
    _, said = run(pieces, "pdfsig", "convention.pdf")
    blocks = dict(re.findall(r"Signature Field Name: (\S+)\n(.*?)(?=Signature #|\Z)", said, re.DOTALL))
    assert sorted(blocks) == sorted([*FIELDS, "cloture"])
    for field in FIELDS:
        assert "Signature Validation: Signature is Valid." in blocks[field]
        assert "Not total document signed" in blocks[field]
    for field, name in NAMES.items():
        assert f"Signer Certificate Common Name: {name}" in blocks[field]
    assert "- Total document signed" in blocks["cloture"]


def test_pdfsig_still_says_valid_of_a_replaced_page_and_only_the_total_changes(tmp_path):
    """What it cannot see, held by a test: docs/verify.md says so."""
    (tmp_path / "replaced.pdf").write_bytes(updated(world().final, replace_page))
    _, said = run(tmp_path, "pdfsig", "replaced.pdf")
    assert said.count("Signature Validation: Signature is Valid.") == 6
    assert "- Total document signed" not in said


def test_pdfsig_passes_a_file_whose_last_signature_was_stripped(tmp_path):
    (tmp_path / "stripped.pdf").write_bytes(world().steps[4])
    _, said = run(tmp_path, "pdfsig", "stripped.pdf")
    assert said.count("Signature Validation: Signature is Valid.") == 5
    assert "- Total document signed" in said


@pytest.mark.parametrize("field", FIELDS)
def test_openssl_cms_verifies_each_signature_over_its_bytes(pieces, field):
    command = [
        "openssl",
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        f"{field}.p7s",
        "-CAfile",
        "racine.pem",
    ]
    command += ["-purpose", "any", "-attime", AT, "-out", "/dev/null", "-content"]
    code, said = run(pieces, *command, f"{field}.data")
    assert code == 0, said
    assert "CMS Verification successful" in said
    code, said = run(pieces, *command, "preuve.json")
    assert code != 0


@pytest.mark.parametrize("field", list(CAPACITIES))
def test_openssl_ts_verifies_the_timestamp_of_each_signature(pieces, field):
    command = ["openssl", "ts", "-verify", "-in", f"{field}.tsr", "-token_in", "-CAfile", "tsa.pem", "-data"]
    code, said = run(pieces, *command, f"{field}.sig")
    assert code == 0, said
    assert "Verification: OK" in said
    assert run(pieces, *command, "preuve.json")[0] != 0


@pytest.mark.parametrize(("token", "data"), [("cloture.tsr", "cloture.data"), ("releve.tsr", "releve.txt")])
def test_openssl_ts_verifies_the_closing_and_the_checkpoint(pieces, token, data):
    command = ["openssl", "ts", "-verify", "-in", token, "-token_in", "-CAfile", "tsa.pem", "-data"]
    code, said = run(pieces, *command, data)
    assert code == 0, said
    assert run(pieces, *command, "preuve.json")[0] != 0
    assert run(pieces, *[each.replace("tsa.pem", "racine.pem") for each in command], data)[0] != 0


@pytest.mark.parametrize("field", list(CAPACITIES))
def test_openssl_verifies_each_certificate_path_to_the_root_only(pieces, field):
    command = ["openssl", "verify", "-x509_strict", "-attime", AT, "-untrusted", "autorite.pem", "-CAfile"]
    code, said = run(pieces, *command, "racine.pem", f"{field}.pem")
    assert code == 0, said
    assert f"{field}.pem: OK" in said
    assert run(pieces, *command, "tsa.pem", f"{field}.pem")[0] != 0


def test_openssl_verifies_the_certificate_of_the_log_s_key(pieces):
    listed = (pieces / "certificats.pem").read_text()
    (pieces / "journal.pem").write_text("-----BEGIN" + listed.split("-----BEGIN")[-1])
    code, said = run(
        pieces, "openssl", "verify", "-x509_strict", "-attime", AT, "-CAfile", "racine.pem", "journal.pem"
    )
    assert code == 0, said


def test_qpdf_finds_no_structural_fault(pieces):
    code, said = run(pieces, "qpdf", "--check", "convention.pdf")
    assert code == 0, said
    assert "No syntax or stream encoding errors found" in said


def test_unzip_finds_the_archive_whole(pieces):
    with zipfile.ZipFile(BytesIO(school().bundle)) as archive:
        assert archive.testzip() is None
