"""Attacks on a sealed file, from outside and by an operator who holds the keys; each with its negative control."""

import json
import re
import time
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from io import BytesIO

import pytest
from asn1crypto.cms import ContentInfo
from asn1crypto.x509 import Certificate
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from reportlab.pdfgen.canvas import Canvas

from pfmp_saas.cli.verify import verify
from pfmp_saas.documents.sealing import appearance, cms, prepare, writer
from pfmp_saas.documents.sealing.authority import Issuer, issue_seal, make_root, make_tenant_authority
from pfmp_saas.documents.sealing.objects import (
    array,
    dictionary,
    integer,
    integers,
    name,
    points,
    stream,
    text,
)
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.values import Appearance
from pfmp_saas.evidence.verify import BadRoot, load_roots, verify_pdf
from tests.sealed_pdf import (
    ABOUT,
    CAPACITIES,
    LATER,
    NOW,
    PLACES,
    SCHOOL,
    UAI,
    World,
    make,
    rendering,
    shown,
    sign,
    world,
)

FINAL_FIELD = "tutor"


def judge(pdf, trust=None, now=LATER, expect=None):
    return verify_pdf(pdf, trust=world().trust if trust is None else trust, now=now, expect=expect)


def failed(pdf, **options):
    return set(judge(pdf, **options).failed())


def reason(pdf, check, **options):
    return next(each.reason for each in judge(pdf, **options).checks if each.name == check)


# --- what passes, and what it says


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


# --- stripped


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


# --- from outside: bytes changed or added after the last signature


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_byte_changed_anywhere_is_seen(position, difference):
    pdf = bytearray(world().final)
    pdf[position % len(pdf)] ^= difference
    report = judge(bytes(pdf))
    assert not report.ok
    assert all(check.reason for check in report.checks)


def hole_of(pdf, field):
    found = next(each for each in PdfFileReader(BytesIO(pdf)).embedded_signatures if each.field_name == field)
    return int(found.byte_range[1]) + 1, int(found.byte_range[2]) - 1


@pytest.mark.parametrize("field", ["certification", "head", FINAL_FIELD])
def test_one_digit_of_a_signature_changed_is_seen(field):
    start, end = hole_of(world().final, field)
    for position in (start, start + 40, start + 700, start + 2000, start + 3500, end - 5):
        digit = world().final[position]
        pdf = bytearray(world().final)
        pdf[position] = ord("0") if digit != ord("0") else ord("1")
        assert failed(bytes(pdf)) & {"signatures-intact", "certification"}, position


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


def updated(pdf, tamper):
    """Apply an incremental update that nobody signs."""
    update = writer.open_for_update(pdf)
    tamper(update)
    out = BytesIO()
    update.write(out)
    return out.getvalue()


def nothing(update):
    """Change nothing."""


def annotate(update):
    page, _ = update.untyped.find_page_for_modification(0)
    entries = {"/Type": name("/Annot"), "/Subtype": name("/FreeText"), "/Rect": points((50, 50, 300, 90))}
    note = update.add_object(
        dictionary(entries | {"/Contents": text("Salaire : 5 000 €"), "/DA": text("/Helv 12 Tf")})
    )
    update.untyped.register_annotation(page, note)


def replace_page(update):
    page, _ = update.untyped.find_page_for_modification(0)
    page.get_object()[name("/Contents")] = update.add_object(stream(b"BT ET"))
    update.mark_update(page)


def overwrite_content(update):
    page, _ = update.untyped.find_page_for_modification(0)
    content = page.get_object().raw_get("/Contents").reference
    update.objects[(content.generation, content.idnum)] = stream(b"BT ET")


def swap_pages(update):
    kids = update.catalogue["/Pages"]["/Kids"]
    first, second = kids.raw_get(0), kids.raw_get(1)
    kids[0], kids[1] = second, first
    update.untyped.update_container(kids)


def script(update):
    action = dictionary({"/S": name("/JavaScript"), "/JS": text("app.alert(1)")})
    update.catalogue[name("/OpenAction")] = update.add_object(action)
    update.untyped.update_root()


def launch(update):
    page, _ = update.untyped.find_page_for_modification(0)
    action = dictionary({"/S": name("/Launch"), "/F": text("calc.exe")})
    page.get_object()[name("/AA")] = dictionary({"/O": action})
    update.mark_update(page)


def layer(update):
    group = update.add_object(dictionary({"/Type": name("/OCG"), "/Name": text("calque")}))
    shown_first = dictionary({"/OFF": array([group])})
    update.catalogue[name("/OCProperties")] = dictionary({"/OCGs": array([group]), "/D": shown_first})
    update.untyped.update_root()


def attach(update):
    file = update.add_object(stream(b"other", {"/Type": name("/EmbeddedFile")}))
    spec = dictionary({"/Type": name("/Filespec"), "/F": text("a.txt"), "/EF": dictionary({"/F": file})})
    names = dictionary({"/Names": array([text("a.txt"), update.add_object(spec)])})
    update.catalogue[name("/Names")] = dictionary({"/EmbeddedFiles": names})
    update.untyped.update_root()


def field_named(update, wanted):
    fields = update.catalogue["/AcroForm"]["/Fields"]
    return next(entry.reference for entry in fields if entry.get_object()["/T"] == wanted)


def move_field(update):
    field = field_named(update, "head")
    field.get_object()[name("/Rect")] = points((0, 0, 600, 800))
    update.mark_update(field)


def redraw_field(update):
    field = field_named(update, "head")
    drawn = update.add_object(
        appearance.form(Appearance("Autre", "Autre", "hier", "0"), 200, 70, font_of(update))
    )
    field.get_object()[name("/AP")] = dictionary({"/N": drawn})
    update.mark_update(field)


def font_of(update):
    return update.catalogue["/AcroForm"]["/DR"]["/Font"].raw_get(prepare.FONT_KEY)


def add_field(update):
    entries = {"/Type": name("/Annot"), "/Subtype": name("/Widget"), "/FT": name("/Sig"), "/T": text("sixth")}
    added = update.add_object(dictionary(entries | {"/F": integer(132), "/Rect": points((0, 0, 0, 0))}))
    update.catalogue["/AcroForm"]["/Fields"].append(added)
    update.mark_update(update.catalogue.raw_get("/AcroForm").reference)


def drop_field(update):
    fields = update.catalogue["/AcroForm"]["/Fields"]
    del fields[2]
    update.mark_update(update.catalogue.raw_get("/AcroForm").reference)


def drop_permissions(update):
    del update.catalogue["/Perms"]
    update.untyped.update_root()


def restate(update):
    about = replace(ABOUT, subject="convention:43")
    told = prepare.statement(about, "0" * 64, 1, PLACES)
    update.catalogue[name(prepare.STATEMENT_KEY)] = update.add_object(stream(told))
    update.untyped.update_root()


def xfa(update):
    update.catalogue["/AcroForm"][name("/XFA")] = update.add_object(stream(b"<xdp/>"))
    update.mark_update(update.catalogue.raw_get("/AcroForm").reference)


def other_font(update):
    font = font_of(update).reference
    replaced = dict.fromkeys(("/Encoding",), name("/WinAnsiEncoding")) | {"/Type": name("/Font")}
    update.objects[(font.generation, font.idnum)] = dictionary(replaced)


def other_root(update):
    copy = dictionary({str(key): update.catalogue.raw_get(key) for key in update.catalogue})
    update.trailer[name("/Root")] = update.add_object(copy)
    update._root = update.trailer.raw_get("/Root")


def other_title(update):
    update.catalogue[name("/Lang")] = text("en")
    update.untyped.update_root()


def orphan(update):
    update.add_object(stream(b"nobody points here"))


TAMPERS = [
    annotate,
    replace_page,
    overwrite_content,
    swap_pages,
    script,
    launch,
    layer,
    attach,
    move_field,
    redraw_field,
    add_field,
    drop_field,
    drop_permissions,
    restate,
    xfa,
    other_font,
    other_root,
    other_title,
    orphan,
]


@pytest.mark.parametrize("tamper", TAMPERS)
def test_an_update_after_the_last_signature_is_seen(tamper):
    found = failed(updated(world().final, tamper))
    assert found >= {"coverage", "modifications"}, found


def test_an_update_that_changes_nothing_is_no_update():
    assert updated(world().final, nothing) == world().final


# --- by an operator who holds the authority's key: the update is signed over


def insider(pdf, field, tamper, key=None, now=NOW):
    """Sign a field as the service does, with something else in the same revision."""
    update = writer.open_for_update(pdf)
    tamper(update)
    drawing = shown(field, world().certified)
    key = key or world().key(field)
    signature = writer.signature_object(key, now, drawing.name)
    target = field_named(update, field)
    left, bottom, right, top = (float(side) for side in target.get_object()["/Rect"])
    drawn = update.add_object(appearance.form(drawing, right - left, top - bottom, font_of(update)))
    target.get_object()[name("/V")] = update.add_object(signature)
    target.get_object()[name("/AP")] = dictionary({"/N": drawn})
    update.mark_update(target)
    return writer.fill(update, signature, key)


def test_the_insider_s_tool_makes_a_good_file_when_it_tampers_with_nothing():
    assert judge(insider(world().steps[4], FINAL_FIELD, nothing)).ok


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_change_in_the_revision_of_a_signature_is_seen(tamper):
    assert "modifications" in failed(insider(world().steps[4], FINAL_FIELD, tamper))


@pytest.mark.parametrize("tamper", TAMPERS)
def test_an_unsigned_revision_between_two_signatures_is_seen(tamper):
    pdf = updated(world().steps[4], tamper)
    assert "modifications" in failed(insider(pdf, FINAL_FIELD, nothing))


def test_a_field_signed_and_moved_at_once_is_seen():
    def move_own(update):
        field_named(update, FINAL_FIELD).get_object()[name("/Rect")] = points((60, 240, 260, 390))

    assert failed(insider(world().steps[4], FINAL_FIELD, move_own)) == {"modifications"}


def appearance_with(change):
    """Sign honestly but for the appearance."""
    update = writer.open_for_update(world().steps[4])
    key = world().key(FINAL_FIELD)
    signature = writer.signature_object(key, NOW, shown(FINAL_FIELD, world().final).name)
    target = field_named(update, FINAL_FIELD)
    form = appearance.form(shown(FINAL_FIELD, world().final), 200, 70, font_of(update))
    change(update, form)
    target.get_object()[name("/V")] = update.add_object(signature)
    target.get_object()[name("/AP")] = dictionary({"/N": update.add_object(form)})
    update.mark_update(target)
    return writer.fill(update, signature, key)


def grow(_update, form):
    form[name("/BBox")] = points((-60, -300, 400, 600))


def turn(_update, form):
    form[name("/Matrix")] = integers((5, 0, 0, 5, -100, -100))


def borrow(update, form):
    page, _ = update.untyped.find_page_for_modification(0)
    form["/Resources"][name("/XObject")] = dictionary({"/P": page.get_object().raw_get("/Contents")})


def test_an_honest_appearance_passes():
    assert judge(appearance_with(lambda *_: None)).ok


@pytest.mark.parametrize("change", [grow, turn, borrow])
def test_an_appearance_that_leaves_its_place_is_seen(change):
    assert failed(appearance_with(change)) == {"modifications"}


def test_an_older_object_brought_back_is_seen():
    """Shadow attack: a revision's table points at bytes that an earlier signature covered, hidden until then."""
    pdf = insider(world().steps[4], FINAL_FIELD, nothing)
    start = pdf.rfind(b"\nxref") + 1
    lines = re.findall(rb"\d{10} \d{5} n", pdf[start:])
    hidden = b"%010d 00000 n" % pdf.find(b"obj", 100)
    assert failed(pdf[:start] + pdf[start:].replace(lines[0], hidden, 1))


def test_a_sixth_signature_is_seen():
    def sixth(update):
        add_field(update)

    pdf = updated(world().final, sixth)
    pdf = insider_field(pdf, "sixth")
    assert failed(pdf) >= {"expected-signatures", "modifications"}


def insider_field(pdf, field):
    update = writer.open_for_update(pdf)
    key = world().key("head")
    signature = writer.signature_object(key, NOW, "X")
    target = field_named(update, field)
    target.get_object()[name("/V")] = update.add_object(signature)
    update.mark_update(target)
    return writer.fill(update, signature, key)


def certified_with(tamper):
    """Certify a rendering that was tampered with first, then let the five sign."""
    seal = issue_seal(world().authority, SCHOOL, UAI, NOW)
    pdf = certify(tamper(rendering()), PLACES, seal, ABOUT, now=NOW)
    for field in CAPACITIES:
        pdf = sign(world(), field, pdf)
    return pdf


def one_revision(tamper):
    """Return a rendering in one revision with the tampering inside, as a dishonest renderer would make it."""
    canvas_out = BytesIO()
    canvas = Canvas(canvas_out, invariant=1)
    for _ in range(2):
        canvas.showPage()
    tamper(canvas)
    canvas.save()
    return canvas_out.getvalue()


def test_a_plain_document_certified_passes():
    assert judge(certified_with(lambda _: one_revision(lambda _canvas: None))).ok


def note(canvas):
    canvas.textAnnotation("note", (10, 10, 50, 50))


@pytest.mark.parametrize("tamper", [note, lambda canvas: canvas.setViewerPreference("Direction", "L2R")])
def test_an_annotation_in_the_frozen_document_is_seen(tamper):
    pdf = certified_with(lambda _: one_revision(tamper))
    assert failed(pdf) == ({"active-content"} if tamper is note else set())


@pytest.mark.parametrize("tamper", [script, launch, layer, attach])
def test_active_or_hidden_content_in_the_certified_revision_is_seen(tamper, monkeypatch):
    whole = prepare._catalogue

    def with_tamper(update, fields, stated):
        whole(update, fields, stated)
        tamper(update)

    assert judge(certified_with(lambda pdf: pdf)).ok
    monkeypatch.setattr(prepare, "_catalogue", with_tamper)
    assert failed(certified_with(lambda pdf: pdf)) == {"active-content"}


@pytest.mark.parametrize("level", [1, 3])
def test_a_certification_that_permits_more_is_seen(level, monkeypatch):
    class Levels:
        FILL_FORMS = MDPPerm(level)

    monkeypatch.setattr(prepare, "MDPPerm", Levels)
    pdf = certified_with(lambda pdf: pdf)
    assert ("certification" in failed(pdf)) == (level == 3)


def test_a_certification_of_another_rendering_is_seen(monkeypatch):
    whole = prepare.statement
    monkeypatch.setattr(
        prepare, "statement", lambda about, _sha, size, places: whole(about, "0" * 64, size, places)
    )
    assert failed(certified_with(lambda pdf: pdf)) == {"certification"}


# --- whose certificates


@lru_cache(maxsize=1)
def other_world() -> World:
    return make("Autre convention", world().root)


@lru_cache(maxsize=1)
def forged_world() -> World:
    return make(root=make_root("PFMP", NOW - timedelta(days=30)))


def test_a_whole_file_made_under_a_root_of_the_same_name_is_seen():
    assert failed(forged_world().final) == {"trust"}
    assert judge(forged_world().final, trust=forged_world().trust).ok


def test_one_signature_made_under_a_root_of_the_same_name_is_seen():
    key = forged_world().key(FINAL_FIELD)
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"trust"}


def test_a_certificate_from_another_school_s_authority_is_seen():
    key = world().key(FINAL_FIELD, world().stranger)
    pdf = sign(key, FINAL_FIELD, world().steps[4])
    assert failed(pdf) == {"trust"}
    assert "autre établissement" in reason(pdf, "trust")


def test_a_certificate_for_another_school_is_seen():
    key = world().key(FINAL_FIELD, world().stranger, uai="0310001X")
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"trust", "identity"}


def test_signing_in_another_s_capacity_is_seen():
    key = world().key(FINAL_FIELD, capacity=CAPACITIES["head"])
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"identity"}


def test_the_school_s_seal_is_not_a_person():
    key = issue_seal(world().authority, SCHOOL, UAI, NOW)
    assert "identity" in failed(sign(key, FINAL_FIELD, world().steps[4]))


def test_a_name_shown_that_is_not_the_certificate_s_is_seen():
    key = world().key(FINAL_FIELD, name="Quelqu’un d’autre")
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"identity"}


@pytest.mark.parametrize("shift", [timedelta(hours=2), timedelta(minutes=-10), timedelta(days=4000)])
def test_a_time_outside_the_certificate_s_life_is_seen(shift):
    pdf = sign(world().key(FINAL_FIELD), FINAL_FIELD, world().steps[4], NOW + shift)
    assert failed(pdf) == {"trust"}


def test_a_time_to_come_is_seen():
    assert failed(world().final, now=NOW - timedelta(minutes=6)) == {"trust"}


def test_a_person_s_certificate_can_not_issue_another():
    person = world().key("head")
    key = person._key
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    issuer = Issuer(person.certificate.public_bytes(Encoding.PEM).decode(), world().root.certificate_pem, pem)
    assert failed(sign(world().key(FINAL_FIELD, issuer), FINAL_FIELD, world().steps[4]))


def test_an_authority_that_another_authority_made_is_seen():
    deeper = make_tenant_authority(world().authority, SCHOOL, UAI, NOW)
    deeper = replace(deeper, root_pem=world().root.certificate_pem)
    assert failed(sign(world().key(FINAL_FIELD, deeper), FINAL_FIELD, world().steps[4]))


# --- the signature value itself


def with_hole(pdf, field, digits):
    start, end = hole_of(pdf, field)
    return pdf[:start] + digits.ljust(end - start, b"0") + pdf[end:]


def test_the_signature_of_another_document_pasted_is_seen():
    theirs = other_world().final
    start, end = hole_of(theirs, FINAL_FIELD)
    same = with_hole(world().final, FINAL_FIELD, world().final[slice(*hole_of(world().final, FINAL_FIELD))])
    assert judge(same).ok
    assert failed(with_hole(world().final, FINAL_FIELD, theirs[start:end])) >= {"signatures-intact"}


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


def resigned(change):
    """Sign honestly with room to spare, then change the CMS without touching what it signs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cms, "room", lambda *_: 8192)
        pdf = insider(world().steps[4], FINAL_FIELD, nothing)
    signature = next(
        each for each in PdfFileReader(BytesIO(pdf)).embedded_signatures if each.field_name == FINAL_FIELD
    )
    digits = change(signature.signed_data).hex().upper().encode()
    return with_hole(pdf, FINAL_FIELD, digits)


def test_a_certificate_added_to_the_cms_is_seen():
    def add(signed_data):
        extra = Certificate.load(cms.der(world().key("head").certificate))
        signed_data["certificates"].append(extra)
        return ContentInfo({"content_type": "signed_data", "content": signed_data}).dump(force=True)

    def leave(signed_data):
        return ContentInfo({"content_type": "signed_data", "content": signed_data}).dump()

    assert judge(resigned(leave)).ok
    assert failed(resigned(add)) >= {"signatures-intact"}


def test_the_other_equivalent_signature_value_is_seen():
    """ECDSA is malleable: (r, n - s) verifies as well, and anyone can compute it."""

    def turn_over(signed_data):
        r, s = decode_dss_signature(signed_data["signer_infos"][0]["signature"].native)
        signed_data["signer_infos"][0]["signature"] = encode_dss_signature(r, cms._P256_ORDER - s)
        return ContentInfo({"content_type": "signed_data", "content": signed_data}).dump(force=True)

    assert failed(resigned(turn_over)) == {"signatures-intact"}


# --- structure


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


def test_more_than_thirty_megabytes_are_refused_at_once():
    start = time.process_time()
    assert failed(world().final + b"\n" * (31 * 1024 * 1024)) == {"readable"}
    assert time.process_time() - start < 1


def bomb(body, entries=1):
    head = b"%PDF-1.7\n"
    table = b"xref\n0 %d\n" % (entries + 1) + b"0000000000 65535 f \n" + b"0000000009 00000 n \n" * entries
    objects = b"1 0 obj\n" + body + b"\nendobj\n"
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        entries + 1,
        len(head + objects),
    )
    return head + objects + table + trailer


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
    start = time.process_time()
    assert not judge(pdf).ok
    assert time.process_time() - start < 10


def braid(update):
    """Forty dictionaries, each naming the next twice: a trillion paths to the last."""
    below = update.add_object(dictionary({"/End": integer(0)}))
    for _ in range(40):
        below = update.add_object(dictionary({"/A": below, "/B": below}))
    update.catalogue[name("/Braid")] = below


def test_a_trillion_paths_in_the_certified_revision_give_a_verdict_quickly(monkeypatch):
    whole = prepare._catalogue
    monkeypatch.setattr(prepare, "_catalogue", lambda update, *rest: (whole(update, *rest), braid(update)))
    pdf = certified_with(lambda pdf: pdf)
    start = time.process_time()
    assert failed(pdf) >= {"modifications"}
    assert time.process_time() - start < 10


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


# --- the command


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.delenv("PFMP_TRUST_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "final.pdf").write_bytes(world().final)
    (tmp_path / "root.pem").write_bytes(world().trust[0])
    (tmp_path / "stripped.pdf").write_bytes(world().steps[4])
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(verify, [str(each) for each in arguments])


def test_the_command_says_yes_in_french_and_in_json(files):
    told = run("final.pdf", "--trust", "root.pem")
    assert told.exit_code == 0
    assert "Document intact et complet" in told.output
    value = json.loads(run("final.pdf", "--trust", "root.pem", "--json").output)
    assert value["ok"] is True
    assert len(value["signatures"]) == 5
    assert {"name", "ok", "result", "reason"} <= set(value["checks"][0])


def test_the_command_says_no_and_which_check_failed(files):
    told = run("stripped.pdf", "--trust", "root.pem", "--json")
    assert told.exit_code == 1
    checks = json.loads(told.output)["checks"]
    assert [each["name"] for each in checks if each["result"] == "failed"] == ["expected-signatures"]
    assert "il manque Tuteur" in next(each["reason"] for each in checks if not each["ok"])


def test_the_command_finds_the_root_in_the_environment_or_in_var(files, monkeypatch):
    assert run("final.pdf").exit_code == 1
    monkeypatch.setenv("PFMP_TRUST_ROOT", "root.pem")
    assert run("final.pdf").exit_code == 0
    monkeypatch.delenv("PFMP_TRUST_ROOT")
    (files / "var" / "trust").mkdir(parents=True)
    (files / "var" / "trust" / "root.pem").write_bytes(world().trust[0])
    assert run("final.pdf").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.pdf",),
        (".",),
        ("root.pem",),
        ("final.pdf", "--trust", "missing.pem"),
        ("final.pdf", "--trust", "final.pdf"),
        ("bundle.zip",),
    ],
)
def test_what_can_not_be_read_exits_two_with_one_line(files, arguments):
    (files / "bundle.zip").write_bytes(b"PK\x03\x04rest")
    told = run(*arguments)
    assert told.exit_code == 2
    assert len(told.stderr.strip().splitlines()) == 1
    assert told.stdout == ""


def test_letters_that_no_terminal_takes_are_no_traceback(files, monkeypatch):
    stated = prepare.statement
    monkeypatch.setattr(
        prepare, "statement", lambda *told: stated(*told).replace(b"convention:42", b"\\ud800\\u001b[2J")
    )
    (files / "odd.pdf").write_bytes(certified_with(lambda pdf: pdf))
    told = run("odd.pdf", "--trust", "root.pem")
    assert told.exit_code == 0
    assert "\x1b" not in told.output
    value = json.loads(run("odd.pdf", "--trust", "root.pem", "--json").output)
    assert value["subject"] == "?\x1b[2J"


def test_verifying_five_signatures_takes_at_most_a_tenth_of_a_second():
    judge(world().final)
    taken = []
    for _ in range(5):
        start = time.process_time()
        judge(world().final)
        taken.append(time.process_time() - start)
    assert sorted(taken)[2] < 0.1
