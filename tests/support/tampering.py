"""Ways to tamper with a sealed file as an outsider does: updates that nobody signs."""

from dataclasses import replace
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from pfmp_saas.documents.sealing import appearance, prepare, writer
from pfmp_saas.documents.sealing import names as shape
from pfmp_saas.documents.sealing.drawn import Appearance
from pfmp_saas.documents.sealing.objects import (
    array,
    dictionary,
    integer,
    name,
    points,
    stream,
    text,
)
from pfmp_saas.evidence.verify import verify_pdf
from tests.support.sealed_pdf import (
    ABOUT,
    LATER,
    PLACES,
    world,
)

FINAL_FIELD = "tutor"


def judge(pdf, trust=None, now=LATER, expect=None):
    return verify_pdf(pdf, trust=world().trust if trust is None else trust, now=now, expect=expect)


def failed(pdf, **options):
    return set(judge(pdf, **options).failed())


def reason(pdf, check, **options):
    return next(each.reason for each in judge(pdf, **options).checks if each.name == check)


def hole_of(pdf, field):
    found = next(each for each in PdfFileReader(BytesIO(pdf)).embedded_signatures if each.field_name == field)
    return int(found.byte_range[1]) + 1, int(found.byte_range[2]) - 1


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
    return update.catalogue["/AcroForm"]["/DR"]["/Font"].raw_get(shape.FONT_KEY)


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
    update.catalogue[name(shape.STATEMENT_KEY)] = update.add_object(stream(told))
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
