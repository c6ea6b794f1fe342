"""Ways to tamper with a sealed file as an operator who holds the keys does: signed by true or self-made certificates."""

from datetime import timedelta
from functools import lru_cache
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas

from pfmp_saas.documents.fonts import REGULAR, register
from pfmp_saas.documents.sealing import appearance, cms, writer
from pfmp_saas.documents.sealing.authority import issue_seal, make_root
from pfmp_saas.documents.sealing.names import EVENT_REASON
from pfmp_saas.documents.sealing.objects import dictionary, integer, integers, name, points
from pfmp_saas.documents.sealing.prepare import certify
from tests.support.sealed_pdf import (
    ABOUT,
    CAPACITIES,
    NOW,
    PLACES,
    SCHOOL,
    UAI,
    World,
    event_of,
    make,
    rendering,
    shown,
    sign,
    world,
)
from tests.support.tampering import FINAL_FIELD, field_named, font_of, hole_of, nothing


def insider(pdf, field, tamper, key=None, now=NOW):
    """Sign a field as the service does, with something else in the same revision."""
    update = writer.open_for_update(pdf)
    tamper(update)
    drawing = shown(field, world().certified, now)
    key = key or world().key(field)
    signature = writer.signature_object(
        key, now, drawing.name, EVENT_REASON + event_of(field, world().certified)
    )
    target = field_named(update, field)
    left, bottom, right, top = (float(side) for side in target.get_object()["/Rect"])
    target.get_object()[name("/V")] = update.add_object(signature)
    drawn = update.add_object(appearance.form(drawing, right - left, top - bottom, font_of(update)))
    target.get_object()[name("/AP")] = dictionary({"/N": drawn})
    update.mark_update(target)
    return writer.fill(update, signature, key)


def appearance_with(change):
    """Sign honestly but for the appearance."""
    update = writer.open_for_update(world().steps[4])
    key = world().key(FINAL_FIELD)
    because = EVENT_REASON + event_of(FINAL_FIELD, world().final)
    signature = writer.signature_object(key, NOW, shown(FINAL_FIELD, world().final).name, because)
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
    register()
    canvas = Canvas(canvas_out, invariant=1, initialFontName=REGULAR)
    for _ in range(2):
        canvas.showPage()
    tamper(canvas)
    canvas.save()
    return canvas_out.getvalue()


def note(canvas):
    canvas.textAnnotation("note", (10, 10, 50, 50))


@lru_cache(maxsize=1)
def other_world() -> World:
    return make("Autre convention", world().root)


@lru_cache(maxsize=1)
def forged_world() -> World:
    return make(root=make_root("PFMP", NOW - timedelta(days=30)))


def with_hole(pdf, field, digits):
    start, end = hole_of(pdf, field)
    return pdf[:start] + digits.ljust(end - start, b"0")[: end - start] + pdf[end:]


def resigned(change, room=None):
    """Sign honestly, with room to spare if asked, then change the CMS without touching what it signs."""
    with pytest.MonkeyPatch.context() as patch:
        if room:
            patch.setattr(cms, "room", lambda *_, **__: room)
        pdf = insider(world().steps[4], FINAL_FIELD, nothing)
    signature = next(
        each for each in PdfFileReader(BytesIO(pdf)).embedded_signatures if each.field_name == FINAL_FIELD
    )
    digits = change(signature.signed_data).hex().upper().encode()
    return with_hole(pdf, FINAL_FIELD, digits)


def bomb(body, entries=1):
    head = b"%PDF-1.7\n"
    table = b"xref\n0 %d\n" % (entries + 1) + b"0000000000 65535 f \n" + b"0000000009 00000 n \n" * entries
    objects = b"1 0 obj\n" + body + b"\nendobj\n"
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        entries + 1,
        len(head + objects),
    )
    return head + objects + table + trailer


def braid(update, end=None):
    """Forty dictionaries, each naming the next twice: a trillion paths to the last, and to its ``end``."""
    below = update.add_object(dictionary({"/End": end or integer(0)}))
    for _ in range(40):
        below = update.add_object(dictionary({"/A": below, "/B": below}))
    update.catalogue[name("/Braid")] = below
