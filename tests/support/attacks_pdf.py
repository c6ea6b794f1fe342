"""The attacks on a final PDF, as a table."""

import re
from datetime import timedelta

from pfmp_saas.documents.sealing import appearance, writer
from pfmp_saas.documents.sealing.authority import issue_seal
from pfmp_saas.documents.sealing.objects import array, dictionary, name, points, stream, text
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.values import Appearance
from tests.support.attacks import Attack, Given
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
    annotate,
    field_named,
    font_of,
    forged_world,
    hole_of,
    insider,
    launch,
    layer,
    move_field,
    other_world,
    overwrite_content,
    replace_page,
    script,
    updated,
    with_hole,
)
from tests.support.tsa import Tsa


def plain() -> Given:
    return Given(world().final)


def with_stamps() -> Given:
    return Given(stamped().final)


def _flip():
    pdf = bytearray(world().final)
    pdf[len(rendering()) // 2] ^= 1
    return bytes(pdf)


def _drop_middle_revision():
    steps = world().steps
    return steps[2] + world().final[len(steps[3]) :]


def _evil_annotation(update):
    """A stamp drawn over the text, as DocMDP 3 would have allowed."""
    page, _ = update.untyped.find_page_for_modification(0)
    drawing = appearance.form(Appearance("Salaire 5 000 €", "", "hier", "0"), 300, 60, font_of(update))
    entries = {"/Type": name("/Annot"), "/Subtype": name("/Stamp"), "/Rect": points((50, 700, 350, 760))}
    note = dictionary(entries | {"/AP": dictionary({"/N": update.add_object(drawing)})})
    update.untyped.register_annotation(page, update.add_object(note))


def _sneaky_signature():
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


def _appended_table(pdf: bytes, entries: bytes) -> bytes:
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


def _shadow_hide():
    """The signed content of a page is declared free: what it covered shows instead."""
    return _appended_table(world().final, b"%d 1\n0000000000 00001 f \n" % _content_number())


def _content_number() -> int:
    found = re.search(rb"/Contents (\d+) 0 R", rendering())
    return int(found[1])


def _with_hidden(content: bytes) -> tuple[bytes, int]:
    """A rendering that carries a second version of a page's content, which nothing points to; and its offset."""
    pdf = rendering()
    at = pdf.rfind(b"xref\n", 0, pdf.rfind(b"startxref"))
    hidden = (
        b"%d 0 obj\n<</Length %d>>\nstream\n" % (_content_number(), len(content))
        + content
        + b"\nendstream\nendobj\n"
    )
    moved = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % (at + len(hidden)), pdf[at:])
    return pdf[:at] + hidden + moved, at


def _signed_with_hidden() -> tuple[bytes, int]:
    pdf, at = _with_hidden(b"BT /F1 12 Tf 60 780 Td (Autre) Tj ET")
    pdf = certify(pdf, PLACES, issue_seal(world().authority, SCHOOL, UAI, NOW), ABOUT, now=NOW)
    for field in CAPACITIES:
        pdf = sign(world(), field, pdf)
    return pdf, at


def _shadow_hide_and_replace():
    """The hidden version, covered by every signature, is made the current one by a table alone."""
    pdf, at = _signed_with_hidden()
    return _appended_table(pdf, b"%d 1\n%010d 00000 n \n" % (_content_number(), at))


def _byte_range(numbers: bytes):
    start, _ = hole_of(world().final, FINAL_FIELD)
    at = [found.end() for found in re.finditer(rb"/ByteRange ", world().final)]
    place = min(at, key=lambda each: abs(each - start))
    end = world().final.index(b"\n", place)
    return world().final[:place] + numbers.ljust(end - place) + world().final[end:]


def _wrapped():
    """The hole grows over bytes that may then change."""
    pdf = world().final
    start, end = hole_of(pdf, FINAL_FIELD)
    old = b"[0 %d %d %d]" % (start - 1, end + 1, len(pdf) - end - 1)
    return pdf.replace(old, (b"[0 %d %d %d]" % (start - 1, end + 60, len(pdf) - end - 60)).ljust(len(old)))


def _null_contents():
    start, end = hole_of(world().final, FINAL_FIELD)
    return world().final[: start - 1] + b"null".ljust(end - start + 2) + world().final[end + 1 :]


def _hybrid():
    at = world().final.rfind(b"/Prev")
    return world().final[:at] + b"/XRefStm 10 " + world().final[at:]


def _pasted():
    theirs = other_world().final
    start, end = hole_of(theirs, FINAL_FIELD)
    return with_hole(world().final, FINAL_FIELD, theirs[start:end])


def _stamped_with(act_at, stamp_at, tsa=None):
    """Sign the last act under a timestamp of that time, and close the file honestly."""
    tsa = tsa or stamped().tsa
    pdf = sign(world(), FINAL_FIELD, stamped().steps[4], act_at, stamper(tsa, stamp_at))
    return closed(world(), pdf, stamper(stamped().tsa, NOW + timedelta(minutes=10)))


def _stripped_stamp():
    pdf = sign(world(), FINAL_FIELD, stamped().steps[4], NOW + timedelta(minutes=5))
    return closed(world(), pdf, stamper(stamped().tsa, NOW + timedelta(minutes=10)))


def _closing_at(minute):
    return closed(world(), stamped().steps[5], stamper(stamped().tsa, NOW + timedelta(minutes=minute)))


def _last_by(key, now=NOW):
    return sign(key, FINAL_FIELD, world().steps[4], now)


def _frozen_with(tamper):
    """Freeze and sign a rendering in which something was planted in the very revision that is certified."""
    update = writer.open_for_update(rendering())
    tamper(update)
    seal = issue_seal(world().authority, SCHOOL, UAI, NOW)
    pdf = certify(updated(rendering(), tamper), PLACES, seal, ABOUT, now=NOW)
    for field in CAPACITIES:
        pdf = sign(world(), field, pdf)
    return pdf


def _form_overlay(update):
    """A form object laid over the page by its own resources."""
    page, _ = update.untyped.find_page_for_modification(0)
    drawn = update.add_object(
        stream(b"0 0 600 800 re f", {"/Type": name("/XObject"), "/Subtype": name("/Form")})
    )
    page.get_object()[name("/Annots")] = array(
        [dictionary({"/T": text("x"), "/AP": dictionary({"/N": drawn})})]
    )
    update.mark_update(page)


def _glued_and_linked():
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


CHANGED = "modifié le document sans être une signature"
BEYOND = "a modifié autre chose que son champ"


def _pdf(name_, how, check, reason, control=plain):
    return Attack(name_, lambda: Given(how()), check, reason, control)


def _update(name_, tamper, reason=CHANGED):
    return _pdf(name_, lambda: updated(world().final, tamper), "modifications", reason)


def _inside(name_, tamper, reason=BEYOND):
    return _pdf(name_, lambda: insider(world().steps[4], FINAL_FIELD, tamper), "modifications", reason)


PDF_ATTACKS = [
    _pdf("flipped byte", _flip, "signatures-intact", "ont changé depuis"),
    _pdf("stripped last signature", lambda: world().steps[4], "expected-signatures", "il manque Tuteur"),
    _pdf(
        "stripped revision",
        _drop_middle_revision,
        "readable",
        "n’a pas la structure des documents du service",
    ),
    _pdf("stripped certification", rendering, "certification", "n’a pas été scellé"),
    _update("appended annotation", annotate),
    _inside("annotation in a signer’s own revision", annotate),
    _update("replaced page", replace_page),
    _inside("page replaced by an insider who signs", replace_page),
    _update("hidden layer", layer),
    _pdf("hidden layer in the frozen document", lambda: _frozen_with(layer), "active-content", "masquable"),
    _pdf("shadow attack: hide", _shadow_hide, "modifications", CHANGED),
    _update("shadow attack: replace", overwrite_content),
    _update("shadow attack: replace by an overlay", _form_overlay),
    _pdf("shadow attack: hide and replace", _shadow_hide_and_replace, "modifications", CHANGED),
    _pdf("signature wrapping", _wrapped, "signatures-intact", "laisse de côté autre chose"),
    _pdf("universal forgery: empty ByteRange", lambda: _byte_range(b"[]"), "signatures-intact", "absurde"),
    _pdf("universal forgery: null ByteRange", lambda: _byte_range(b"null"), "signatures-intact", "absurde"),
    _pdf(
        "universal forgery: oversized ByteRange",
        lambda: _byte_range(b"[0 10 99999999 99999999]"),
        "signatures-intact",
        "laisse de côté autre chose",
    ),
    _pdf(
        "universal forgery: empty Contents",
        lambda: with_hole(world().final, FINAL_FIELD, b""),
        "signatures-intact",
        "illisible",
    ),
    _pdf(
        "universal forgery: null Contents",
        _null_contents,
        "signatures-intact",
        "autre chose que sa signature",
    ),
    _pdf(
        "universal forgery: oversized Contents",
        lambda: with_hole(world().final, FINAL_FIELD, b"30827FFF" + b"41" * 9000),
        "signatures-intact",
        "illisible",
    ),
    _update("evil annotation", _evil_annotation),
    _pdf("sneaky signature", _sneaky_signature, "expected-signatures", "n’attendait pas"),
    _pdf(
        "second document glued behind", lambda: world().final + other_world().final, "readable", "structure"
    ),
    _pdf("second document glued before", lambda: rendering("Autre") + world().final, "readable", "structure"),
    _pdf(
        "second document glued behind and linked",
        _glued_and_linked,
        "readable",
        "illisible",
    ),
    _update("field moved", move_field),
    _inside("another’s field moved by an insider who signs", move_field),
    _update("JavaScript action", script),
    _pdf(
        "JavaScript in the frozen document",
        lambda: _frozen_with(script),
        "active-content",
        "OpenAction|JavaScript",
    ),
    _update("launch action", launch),
    _pdf(
        "launch action in the frozen document", lambda: _frozen_with(launch), "active-content", "/AA|/Launch"
    ),
    _pdf("hybrid cross-reference", _hybrid, "readable", "hybride"),
    _pdf(
        "signature of another convention pasted", _pasted, "signatures-intact", "ont changé depuis|illisible"
    ),
    _pdf(
        "certificate of another tenant",
        lambda: _last_by(world().key(FINAL_FIELD, world().stranger)),
        "trust",
        "autorité d’un autre établissement",
    ),
    _pdf(
        "certificate expired",
        lambda: _last_by(world().key(FINAL_FIELD), NOW + timedelta(days=401)),
        "trust",
        "n’était pas valable à la date",
    ),
    _pdf(
        "self-made root of the same name", lambda: forged_world().final, "trust", "ne remonte pas à la racine"
    ),
    _pdf(
        "one signature under a self-made root",
        lambda: _last_by(forged_world().key(FINAL_FIELD)),
        "trust",
        "ne remonte pas à la racine",
    ),
    Attack(
        "timestamp by an unpinned authority",
        lambda: Given(
            _stamped_with(NOW + timedelta(minutes=5), NOW + timedelta(minutes=5, seconds=1), Tsa())
        ),
        "timestamps",
        "pas de confiance",
        with_stamps,
    ),
    Attack(
        "timestamp before the act",
        lambda: Given(_stamped_with(NOW + timedelta(minutes=15), NOW + timedelta(minutes=5))),
        "timestamps",
        "antérieur à la signature",
        with_stamps,
    ),
    Attack(
        "timestamp rolled back behind the one before",
        lambda: Given(_stamped_with(NOW + timedelta(minutes=2), NOW + timedelta(minutes=2))),
        "timestamps",
        "antérieur à celui de la signature précédente",
        with_stamps,
    ),
    _pdf("timestamp taken away", _stripped_stamp, "timestamps", "manque", with_stamps),
    _pdf(
        "closing timestamp rolled back",
        lambda: _closing_at(3),
        "closing",
        "antérieur à une signature",
        with_stamps,
    ),
    _pdf(
        "closing stripped",
        lambda: stamped().steps[5],
        "closing",
        "l’horodatage de clôture manque",
        with_stamps,
    ),
]
