"""Forged final PDFs: each function returns one, made by an outsider or by an operator who holds the keys."""

import re
from datetime import timedelta

from pfmp_saas.documents.sealing import appearance, writer
from pfmp_saas.documents.sealing.authority import issue_seal
from pfmp_saas.documents.sealing.drawn import Appearance
from pfmp_saas.documents.sealing.objects import array, dictionary, name, points, stream, text
from pfmp_saas.documents.sealing.prepare import certify
from tests.support.attacks import Given
from tests.support.insiders import other_world, with_hole
from tests.support.sealed_pdf import (
    ABOUT,
    CAPACITIES,
    NOW,
    PLACES,
    SCHOOL,
    UAI,
    closed,
    rendering,
    sign,
    stamped,
    stamper,
    world,
)
from tests.support.tampering import (
    FINAL_FIELD,
    add_field,
    field_named,
    font_of,
    hole_of,
    updated,
)


def plain() -> Given:
    return Given(world().final)


def with_stamps() -> Given:
    return Given(stamped().final)


def flipped():
    pdf = bytearray(world().final)
    pdf[len(rendering()) // 2] ^= 1
    return bytes(pdf)


def drop_middle_revision():
    steps = world().steps
    return steps[2] + world().final[len(steps[3]) :]


def evil_annotation(update):
    """A stamp drawn over the text, as DocMDP 3 would have allowed."""
    page, _ = update.untyped.find_page_for_modification(0)
    drawing = appearance.form(Appearance("Salaire 5 000 €", "", "hier", "0"), 300, 60, font_of(update))
    entries = {"/Type": name("/Annot"), "/Subtype": name("/Stamp"), "/Rect": points((50, 700, 350, 760))}
    note = dictionary(entries | {"/AP": dictionary({"/N": update.add_object(drawing)})})
    update.untyped.register_annotation(page, update.add_object(note))


def sneaky_signature():
    """A sixth signature, visible, by a key that the school's own authority certified."""
    pdf = updated(world().final, add_field)
    update = writer.open_for_update(pdf)
    key = world().key("head")
    value = writer.signature_object(key, NOW, "X")
    target = field_named(update, "sixth")
    field = target.get_object()
    drawing = appearance.form(Appearance("Autre texte", "", "hier", "0"), 500, 300, font_of(update))
    field[name("/V")] = update.add_object(value)
    field[name("/AP")] = dictionary({"/N": update.add_object(drawing)})
    field[name("/Rect")] = points((40, 300, 540, 600))
    update.mark_update(target)
    return writer.fill(update, value, key)


def appended_table(pdf: bytes, entries: bytes) -> bytes:
    """Append a cross-reference table by hand, with no object of its own."""
    previous = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    trailer = re.findall(rb"trailer\s*<<(.*?)>>\s*startxref", pdf, re.DOTALL)[-1]
    kept = re.sub(rb"/Prev\s+\d+", b"", trailer)
    start = len(pdf)
    return (
        pdf
        + b"xref\n"
        + entries
        + b"trailer\n<<"
        + kept
        + b"/Prev "
        + previous
        + b">>\nstartxref\n%d\n%%%%EOF\n" % start
    )


def shadow_hide():
    """The signed content of a page is declared free: what it covered shows instead."""
    return appended_table(world().final, b"%d 1\n0000000000 00001 f \n" % content_number())


def content_number() -> int:
    found = re.search(rb"/Contents (\d+) 0 R", rendering())
    return int(found[1])


def with_hidden(content: bytes) -> tuple[bytes, int]:
    """A rendering that carries a second version of a page's content, which nothing points to; and its offset."""
    pdf = rendering()
    at = pdf.rfind(b"xref\n", 0, pdf.rfind(b"startxref"))
    hidden = (
        b"%d 0 obj\n<</Length %d>>\nstream\n" % (content_number(), len(content))
        + content
        + b"\nendstream\nendobj\n"
    )
    moved = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % (at + len(hidden)), pdf[at:])
    return pdf[:at] + hidden + moved, at


def signed_with_hidden() -> tuple[bytes, int]:
    pdf, at = with_hidden(b"BT /F1 12 Tf 60 780 Td (Autre) Tj ET")
    pdf = certify(pdf, PLACES, issue_seal(world().authority, SCHOOL, UAI, NOW), ABOUT, now=NOW)
    for field in CAPACITIES:
        pdf = sign(world(), field, pdf)
    return pdf, at


def shadow_hide_and_replace():
    """The hidden version, covered by every signature, is made the current one by a table alone."""
    pdf, at = signed_with_hidden()
    return appended_table(pdf, b"%d 1\n%010d 00000 n \n" % (content_number(), at))


def byte_range(numbers: bytes):
    start, _ = hole_of(world().final, FINAL_FIELD)
    at = [found.end() for found in re.finditer(rb"/ByteRange ", world().final)]
    place = min(at, key=lambda each: abs(each - start))
    end = world().final.index(b"\n", place)
    return world().final[:place] + numbers.ljust(end - place) + world().final[end:]


def wrapped():
    """The hole grows over bytes that may then change."""
    pdf = world().final
    start, end = hole_of(pdf, FINAL_FIELD)
    old = b"[0 %d %d %d]" % (start - 1, end + 1, len(pdf) - end - 1)
    return pdf.replace(old, (b"[0 %d %d %d]" % (start - 1, end + 60, len(pdf) - end - 60)).ljust(len(old)))


def null_contents():
    start, end = hole_of(world().final, FINAL_FIELD)
    return world().final[: start - 1] + b"null".ljust(end - start + 2) + world().final[end + 1 :]


def hybrid():
    at = world().final.rfind(b"/Prev")
    return world().final[:at] + b"/XRefStm 10 " + world().final[at:]


def pasted():
    theirs = other_world().final
    start, end = hole_of(theirs, FINAL_FIELD)
    return with_hole(world().final, FINAL_FIELD, theirs[start:end])


def stamped_with(act_at, stamp_at, tsa=None):
    """Sign the last act under a timestamp of that time, and close the file honestly."""
    tsa = tsa or stamped().tsa
    pdf = sign(world(), FINAL_FIELD, stamped().steps[4], act_at, stamper(tsa, stamp_at))
    return closed(world(), pdf, stamper(stamped().tsa, NOW + timedelta(minutes=10)))


def stripped_stamp():
    pdf = sign(world(), FINAL_FIELD, stamped().steps[4], NOW + timedelta(minutes=5))
    return closed(world(), pdf, stamper(stamped().tsa, NOW + timedelta(minutes=10)))


def closing_at(minute):
    return closed(world(), stamped().steps[5], stamper(stamped().tsa, NOW + timedelta(minutes=minute)))


def last_by(key, now=NOW):
    return sign(key, FINAL_FIELD, world().steps[4], now)


def frozen_with(tamper):
    """Freeze and sign a rendering in which something was planted in the very revision that is certified."""
    update = writer.open_for_update(rendering())
    tamper(update)
    seal = issue_seal(world().authority, SCHOOL, UAI, NOW)
    pdf = certify(updated(rendering(), tamper), PLACES, seal, ABOUT, now=NOW)
    for field in CAPACITIES:
        pdf = sign(world(), field, pdf)
    return pdf


def form_overlay(update):
    """A form object laid over the page by its own resources."""
    page, _ = update.untyped.find_page_for_modification(0)
    drawn = update.add_object(
        stream(b"0 0 600 800 re f", {"/Type": name("/XObject"), "/Subtype": name("/Form")})
    )
    page.get_object()[name("/Annots")] = array(
        [dictionary({"/T": text("x"), "/AP": dictionary({"/N": drawn})})]
    )
    update.mark_update(page)


def glued_and_linked():
    """Another whole document behind, its offsets moved and its table made to follow ours."""
    pdf, other = world().final, rendering("Autre")
    shift, start = len(pdf), other.rfind(b"xref\n", 0, other.rfind(b"startxref"))
    table = re.sub(
        rb"(\d{10}) (\d{5}) n", lambda line: b"%010d %b n" % (int(line[1]) + shift, line[2]), other[start:]
    )
    previous = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    table = table.replace(b"trailer\n<<", b"trailer\n<< /Prev " + previous, 1)
    table = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % (start + shift), table)
    return pdf + other[:start] + table
