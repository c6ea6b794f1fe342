"""Sealing: what public tools see of it, what it refuses, and how little time it takes."""

import re
import shutil
import subprocess
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from itertools import pairwise

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pfmp_saas.documents.sealing import font
from pfmp_saas.documents.sealing.authority import (
    SignerIdentity,
    issue_seal,
    issue_signer,
    make_root,
    make_tenant_authority,
)
from pfmp_saas.documents.sealing.keys import unwrap_key, wrap_key
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.sign import frozen_hash, frozen_revision, sign_field
from pfmp_saas.documents.sealing.values import FieldPlace, FieldTaken, NoSuchField, SealingError
from tests.support.sealed_pdf import (
    ABOUT,
    CAPACITIES,
    NAMES,
    NOW,
    PLACES,
    SCHOOL,
    UAI,
    event_of,
    rendering,
    shown,
    sign,
    world,
)

KEK = bytes(range(32))


def tool(name, *arguments, **options):
    path = shutil.which(name)
    if not path:
        pytest.skip(f"{name} is not installed")
    return subprocess.run([path, *arguments], capture_output=True, text=True, check=False, **options)


def test_pdfsig_finds_a_certification_and_five_valid_signatures_the_last_over_the_total_document(files):
    seen = tool("pdfsig", str(files / "final.pdf")).stdout
    names = re.findall(r"Signature Field Name: (\S+)", seen)
    assert names == ["certification", *CAPACITIES]
    assert seen.count("Signature Validation: Signature is Valid.") == 6
    totals = re.findall(r"^  - (Not total|Total) document signed", seen, re.MULTILINE)
    assert totals == ["Not total"] * 5 + ["Total"]
    for name in NAMES.values():
        assert f"Signer Certificate Common Name: {name}" in seen


@pytest.mark.parametrize("position", range(6))
def test_openssl_verifies_the_cms_of_each_signature_up_to_the_root(files, position):
    signature = PdfFileReader(BytesIO(world().final)).embedded_signatures[position]
    first, length, second, rest = signature.byte_range
    pdf = world().final
    (files / "cms.der").write_bytes(signature.pkcs7_content)
    (files / "data").write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "data"]
    command += [
        "-CAfile",
        "root.pem",
        "-purpose",
        "any",
        "-attime",
        str(int(NOW.timestamp())),
        "-out",
        "/dev/null",
    ]
    done = tool("openssl", *command, cwd=files)
    assert done.returncode == 0, done.stderr
    (files / "data").write_bytes(b"other")
    assert tool("openssl", *command, cwd=files).returncode != 0


def test_pyhanko_finds_every_signature_intact_trusted_and_form_filling_at_most():
    roots = list(load_certs_from_pemder_data(world().root.certificate_pem.encode()))
    for signature in PdfFileReader(BytesIO(world().final)).embedded_signatures:
        context = ValidationContext(
            trust_roots=roots, moment=NOW + timedelta(minutes=6), allow_fetching=False
        )
        status = validate_pdf_signature(signature, context)
        assert status.intact
        assert status.valid
        assert status.trusted
        assert status.modification_level <= ModificationLevel.FORM_FILLING
        assert status.docmdp_ok
        assert status.bottom_line
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_qpdf_finds_no_structural_fault(files):
    done = tool("qpdf", "--check", str(files / "final.pdf"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rendering_stands_untouched_at_the_start_and_each_act_only_appends():
    steps = (rendering(), *world().steps)
    for before, after in pairwise(steps):
        assert after.startswith(before)


def test_the_frozen_hash_is_that_of_the_certified_file_whoever_has_signed_since():
    expected = sha256(world().certified).hexdigest()
    assert [frozen_hash(step) for step in world().steps] == [expected] * 6
    assert frozen_revision(world().final) == world().certified


def test_all_places_exist_in_the_certified_file_at_the_box_asked_for():
    reader = pypdf.PdfReader(BytesIO(world().certified))
    entries = [entry.get_object() for entry in reader.trailer["/Root"]["/AcroForm"]["/Fields"]]
    fields = {str(entry["/T"]): entry for entry in entries}
    assert list(fields) == ["certification", *CAPACITIES]
    for place in PLACES:
        assert tuple(float(side) for side in fields[place.name]["/Rect"]) == place.box
        assert fields[place.name]["/P"].get_object() == reader.pages[place.page]
        assert "/V" not in fields[place.name]


@pytest.mark.parametrize("field", list(CAPACITIES))
def test_each_act_is_drawn_in_its_own_place_with_name_and_capacity_readable(field):
    reader = pypdf.PdfReader(BytesIO(world().final))
    annotations = [each.get_object() for each in reader.pages[1]["/Annots"]]
    drawn = next(each for each in annotations if each.get("/T") == field)["/AP"]["/N"].get_object()
    words = glyphs_to_text(drawn.get_data())
    assert NAMES[field] in words
    assert CAPACITIES[field] in words
    assert event_of(field, world().final)[:16] in words


def glyphs_to_text(content):
    # the plain space and the non-breaking one share a glyph: keep the first
    letters = {number: letter for letter, number in reversed(font.face().glyphs.items())}
    lines = re.findall(rb"<([0-9A-F]*)> Tj", content)
    return "\n".join(
        "".join(letters[int(line[at : at + 4], 16)] for at in range(0, len(line), 4)) for line in lines
    )


def test_the_embedded_font_draws_the_letters_asked_for(files):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    # poppler reads text through the font's own map, as a screen reader would
    flat = tool("pdftocairo", "-pdf", str(files / "final.pdf"), str(files / "flat.pdf"))
    assert flat.returncode == 0, flat.stderr
    text = tool("pdftotext", str(files / "flat.pdf"), "-").stdout
    for name in NAMES.values():
        assert name in text


def test_letters_that_the_font_lacks_are_drawn_by_their_base_or_a_question_mark():
    glyphs, width = font.face().encode("ǎ漢")
    assert glyphs == font.face().encode("a?")[0]
    assert width > 0


def test_a_taken_field_and_an_unknown_field_are_refused():
    with pytest.raises(FieldTaken):
        sign(world(), "head", world().final)
    with pytest.raises(NoSuchField):
        sign(world().key("head"), "head", certify(rendering(), PLACES[1:], seal(), ABOUT, now=NOW))


def test_the_certification_can_not_be_signed_over():
    with pytest.raises(FieldTaken):
        sign_in("certification")


def sign_in(field):
    return sign_field(
        world().certified, field, world().key("head"), now=NOW, appearance=shown("head", world().final)
    )


def seal():
    return issue_seal(world().authority, SCHOOL, UAI, NOW)


@pytest.mark.parametrize("pdf", [b"", b"hello", b"%PDF-1.7\n%%EOF", rendering()[:-200]])
def test_what_is_not_a_pdf_is_refused_without_traceback(pdf):
    with pytest.raises(SealingError):
        certify(pdf, PLACES, seal(), ABOUT, now=NOW)
    with pytest.raises(SealingError):
        sign(world().key("head"), "head", pdf)
    with pytest.raises(SealingError):
        frozen_hash(pdf)


def test_a_file_that_was_not_frozen_can_not_be_signed():
    with pytest.raises(SealingError):
        frozen_revision(rendering())
    with pytest.raises(SealingError):
        certify(world().certified, PLACES, seal(), ABOUT, now=NOW)


@pytest.mark.parametrize(
    "place", [FieldPlace("a", 2, (0, 0, 9, 9), "x"), FieldPlace("a", -1, (0, 0, 9, 9), "x")]
)
def test_a_place_on_a_page_that_is_not_there_is_refused(place):
    with pytest.raises(SealingError, match="page"):
        certify(rendering(), [place], seal(), ABOUT, now=NOW)


@pytest.mark.parametrize("names", [("a", "a"), ("certification",), ("a.b",), ("",)])
def test_field_names_must_differ_and_hold_no_point(names):
    places = [FieldPlace(name, 0, (0, 0, 9, 9), "x") for name in names]
    with pytest.raises(SealingError, match="noms"):
        certify(rendering(), places, seal(), ABOUT, now=NOW)


def test_a_key_signs_once():
    key = world().key("head")
    key.sign_once(b"x")
    with pytest.raises(SealingError):
        key.sign_once(b"x")


def test_a_certificate_names_person_capacity_and_school_for_its_act():
    who = SignerIdentity("Zoë Châtaignier", "Élève", SCHOOL, UAI, "zoe@example.org")
    certificate = issue_signer(world().authority, who, NOW).certificate
    names = {each.rfc4514_attribute_name: each.value for each in certificate.subject}
    assert names["CN"] == "Zoë Châtaignier"
    assert names["O"] == SCHOOL
    assert "Élève" in names.values()
    assert f"UA:FR-{UAI}" in names.values()
    assert certificate.not_valid_before_utc == NOW - timedelta(minutes=5)
    assert certificate.not_valid_after_utc == NOW + timedelta(days=400)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign


def test_a_very_long_name_still_gets_a_certificate():
    who = SignerIdentity("N" * 300, "Q" * 300, "E" * 300, UAI, "é@example.org")
    assert issue_signer(world().authority, who, NOW).certificate.subject


def test_openssl_accepts_the_path_of_a_signer(tmp_path):
    key = world().key("tutor")
    chain = b"".join(each.public_bytes(Encoding.PEM) for each in key.chain[:1])
    (tmp_path / "chain.pem").write_bytes(chain)
    (tmp_path / "signer.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "root.pem").write_text(world().root.certificate_pem)
    (tmp_path / "other.pem").write_text(make_root("PFMP", NOW - timedelta(days=30)).certificate_pem)
    common = ["-x509_strict", "-attime", str(int(NOW.timestamp())), "-untrusted", "chain.pem", "signer.pem"]
    good = tool("openssl", "verify", "-CAfile", "root.pem", *common, cwd=tmp_path)
    assert good.returncode == 0, good.stdout + good.stderr
    assert tool("openssl", "verify", "-CAfile", "other.pem", *common, cwd=tmp_path).returncode != 0


def test_a_wrapped_key_opens_only_with_its_key_and_unchanged():
    wrapped = wrap_key(world().authority.key_pem, KEK)
    assert b"PRIVATE" not in wrapped
    assert unwrap_key(wrapped, KEK) == world().authority.key_pem
    load_pem_private_key(unwrap_key(wrapped, KEK), password=None)
    with pytest.raises(SealingError):
        unwrap_key(wrapped, bytes(32))
    for position in (0, 5, 20, len(wrapped) - 1):
        broken = bytearray(wrapped)
        broken[position] ^= 1
        with pytest.raises(SealingError):
            unwrap_key(bytes(broken), KEK)
    with pytest.raises(SealingError):
        unwrap_key(b"", KEK)


def test_an_authority_issues_people_and_not_authorities():
    authority = make_tenant_authority(world().root, "L" * 200, UAI, NOW)
    certificate = x509.load_pem_x509_certificate(authority.certificate_pem.encode())
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
