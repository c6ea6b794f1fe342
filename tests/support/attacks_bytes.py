"""Attacks by who holds the school's authority: files that two readers could read in two ways, planted or drawn otherwise.

Each is a name and what is done. ``written`` changes the bytes that an act adds before they are signed;
``planted`` changes the frozen document before it is certified; ``drawn`` changes what an act puts into its field.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from pfmp_saas.documents.sealing import prepare, sign, writer
from pfmp_saas.documents.sealing.objects import array, dictionary, integer, name, points, stream, text
from pfmp_saas.documents.sealing.revision import Revision
from tests.support.insiders import certified_with
from tests.support.sealed_pdf import sign as sign_as
from tests.support.sealed_pdf import world
from tests.support.tampering import FINAL_FIELD

Tamper = Callable[..., Any]


@dataclass(frozen=True)
class ByteAttack:
    """One attack: its name and what it does to the file; what it would gain stands in docs/evidence.md."""

    name: str
    how: Tamper


def signed_with(change: Callable[[bytes, int], bytes]) -> bytes:
    """Return the final file, its last act's revision written by ``change`` (bytes, where the file ended before)."""
    before = world().steps[4]
    whole = Revision.write

    def write(self: Revision, output: Any) -> None:
        whole(self, output)
        revision = output.getvalue()[len(before) :]
        output.seek(len(before))
        output.truncate()
        output.write(change(revision, len(before)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Revision, "write", write)
        return sign_as(world(), FINAL_FIELD, before)


def _replaced(old: bytes, new: bytes) -> Callable[[bytes, int], bytes]:
    def change(revision: bytes, _start: int) -> bytes:
        assert old in revision
        return revision[: revision.rfind(old)] + new + revision[revision.rfind(old) + len(old) :]

    return change


def _before_table(extra: bytes) -> Callable[[bytes, int], bytes]:
    """Insert bytes between the last object and the table, and lead the file's end to the table's new place."""

    def change(revision: bytes, start: int) -> bytes:
        at = revision.rfind(b"xref\n0 1\n")
        moved = revision[:at] + extra + revision[at:]
        return moved.replace(
            b"startxref\n%d\n" % (start + at), b"startxref\n%d\n" % (start + at + len(extra))
        )

    return change


def _first_entry(spelled: Callable[[bytes], bytes]) -> Callable[[bytes, int], bytes]:
    def change(revision: bytes, _start: int) -> bytes:
        at = revision.rfind(b" 00000 n \n", 0, revision.rfind(b"trailer")) - 10
        return revision[:at] + spelled(revision[at : at + 20]) + revision[at + 20 :]

    return change


_COPY = b"900 0 obj\n<<\n/Length 5\n>>\nstream\nBT ET\nendstream\nendobj\n"
WRITTEN = [
    ByteAttack("table named xref!", _replaced(b"xref\n0 1", b"xref!0 1")),
    ByteAttack("table named xrefX", _replaced(b"xref\n0 1", b"xrefX0 1")),
    ByteAttack("offset with an underscore", _first_entry(lambda row: b"000_0" + row[5:])),
    ByteAttack("offset with a sign", _first_entry(lambda row: b"+" + row[1:])),
    ByteAttack("generation with an underscore", _first_entry(lambda row: row[:11] + b"000_0" + row[16:])),
    ByteAttack("generation that is not zero", _first_entry(lambda row: row[:11] + b"00001" + row[16:])),
    ByteAttack("entry ended by a carriage return", _first_entry(lambda row: row[:18] + b"\r\n")),
    ByteAttack("entry said to be free", _first_entry(lambda row: row[:17] + b"f" + row[18:])),
    ByteAttack("copy of a page's content among bytes that nothing names", _before_table(_COPY)),
    ByteAttack("comment between objects", _before_table(b"% 900 0 obj\n")),
    ByteAttack("three thousand blanks between objects", _before_table(b" " * 3000)),
    ByteAttack("end of file written twice", _replaced(b"%%EOF\n", b"%%EOF\n%%EOF\n")),
    ByteAttack("no line after the end", _replaced(b"%%EOF\n", b"%%EOF")),
    ByteAttack("comment in the trailer", _replaced(b"trailer\n<<\n", b"trailer\n<<\n% /Root 1 0 R\n")),
    ByteAttack("one more key in the trailer", _replaced(b"trailer\n<<\n", b"trailer\n<<\n/Autre 1 0 R\n")),
    ByteAttack("catalogue named twice in the trailer", _replaced(b"/Size", b"/Root 1 0 R\n/Size")),
    ByteAttack("size smaller than the numbers used", _replaced(b"/Size ", b"/Size 1\n% ")),
    ByteAttack("place of the table with zeros before", _replaced(b"startxref\n", b"startxref\n000")),
    ByteAttack("place of the table on another line", _replaced(b"startxref\n", b"startxref\n\n")),
    ByteAttack("other number in an object's head", _replaced(b" 0 obj\n<<\n/Type /XObject", b" 0 OBJ\n<<\n/Type /XObject")),
    ByteAttack("name spelled with an escape", _replaced(b"/Type /XObject", b"/T#79pe /XObject")),
    ByteAttack("length of a stream that is not its own", _replaced(b"/Length ", b"/Length 1")),
    ByteAttack("three thousand blanks inside an object", _replaced(b"/Type /XObject", b"/Type" + b" " * 3000 + b"/XObject")),
    ByteAttack("identity of another file", _replaced(b"/ID [ <", b"/ID [ <0")),
]  # fmt: skip


def planted(tamper: Tamper) -> bytes:
    """Return a final file whose frozen document ``tamper`` changed before its certification."""
    world()  # made once, honestly: not under the patch
    whole = prepare._catalogue

    def with_tamper(update: Any, fields: Any, stated: bytes) -> None:
        whole(update, fields, stated)
        tamper(update)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepare, "_catalogue", with_tamper)
        return certified_with(lambda pdf: pdf)


def _annotation(**entries: Any) -> Tamper:
    def tamper(update: Any) -> None:
        page, _ = update.untyped.find_page_for_modification(0)
        whole = {"/Subtype": name("/Link"), "/Rect": points((0, 0, 600, 800))} | {
            f"/{k}": v for k, v in entries.items()
        }
        update.untyped.register_annotation(page, update.add_object(dictionary(whole)))

    return tamper


def _action(kind: str, **entries: Any) -> Any:
    return dictionary({"/S": name(kind)} | {f"/{key}": value for key, value in entries.items()})


def _indirect_action(update: Any) -> None:
    kind = update.add_object(name("/Launch"))
    _annotation(A=dictionary({"/S": kind, "/F": text("calc.exe")}))(update)


def _in_form(key: str, value: Any) -> Tamper:
    def tamper(update: Any) -> None:
        form = update.catalogue.raw_get("/AcroForm").get_object()
        form[name(key)] = value
        update.mark_update(update.catalogue.raw_get("/AcroForm").reference)

    return tamper


def _field(**entries: Any) -> Tamper:
    def tamper(update: Any) -> None:
        base = {
            "/Type": name("/Annot"),
            "/Subtype": name("/Widget"),
            "/F": integer(132),
            "/Rect": points((0, 0, 9, 9)),
        }
        added = update.add_object(dictionary(base | {f"/{key}": value for key, value in entries.items()}))
        update.catalogue["/AcroForm"]["/Fields"].append(added)
        update.mark_update(update.catalogue.raw_get("/AcroForm").reference)

    return tamper


def _in_catalogue(key: str, value: Any) -> Tamper:
    def tamper(update: Any) -> None:
        update.catalogue[name(key)] = value
        update.untyped.update_root()

    return tamper


def _child_of_a_field(update: Any) -> None:
    field = update.catalogue["/AcroForm"]["/Fields"].raw_get(1).get_object()
    field[name("/Kids")] = array([update.add_object(dictionary({"/V": text("signé")}))])


def _other_letters(update: Any) -> None:
    font = update.catalogue["/AcroForm"]["/DR"]["/Font"]["/PFMP"]["/DescendantFonts"][0]["/FontDescriptor"]
    font[name("/FontFile2")] = update.add_object(stream(b"other letters"))


PLANTED = [
    ByteAttack("annotation without a type", _annotation(A=_action("/URI", URI=text("https://x.example")))),
    ByteAttack("kind of an action given indirectly", _indirect_action),
    ByteAttack("form sent elsewhere", _annotation(A=_action("/SubmitForm", F=text("https://x.example")))),
    ByteAttack("jump to another file", _annotation(A=_action("/GoToR", F=text("autre.pdf")))),
    ByteAttack("article thread", _annotation(A=_action("/Thread", D=integer(0)))),
    ByteAttack("link to a script", _annotation(A=_action("/URI", URI=text("javascript:alert(1)")))),
    ByteAttack("link to a file of the reader", _annotation(A=_action("/URI", URI=text("file:///etc/passwd")))),
    ByteAttack("appearances left to the reader", _in_form("/NeedAppearances", integer(1))),
    ByteAttack("order of computation of fields", _in_form("/CO", array([]))),
    ByteAttack("text field that can be filled", _field(FT=name("/Tx"), T=text("salaire"), V=text("5 000 €"))),
    ByteAttack("box that can be ticked", _field(FT=name("/Btn"), T=text("case"))),
    ByteAttack("empty signature field that nobody expects", _field(FT=name("/Sig"), T=text("sixth"), A=_action("/Named", N=name("/Print")))),
    ByteAttack("value under a field's child", _child_of_a_field),
    ByteAttack("tree of names", _in_catalogue("/Names", dictionary({}))),
    ByteAttack("destination named for opening", _in_catalogue("/OpenAction", array([]))),
    ByteAttack("page labels", _in_catalogue("/PageLabels", dictionary({}))),
    ByteAttack("structure that reads other words aloud", _in_catalogue("/StructTreeRoot", dictionary({}))),
    ByteAttack("base address of links", _in_catalogue("/URI", dictionary({}))),
    ByteAttack("letters of signatures exchanged", _other_letters),
]  # fmt: skip


DRAWN = {
    "another name": {"shown": lambda look: replace(look, name="Un Autre")},
    "another capacity": {"shown": lambda look: replace(look, capacity="Proviseur")},
    "another hour": {"shown": lambda look: replace(look, when_local_text="06/01/2025 à 10:31")},
    "an hour that is none": {"shown": lambda look: replace(look, when_local_text="hier")},
    "another fingerprint": {"shown": lambda look: replace(look, fingerprint="0" * 16)},
    "blanks after the drawing": {"more": b"\n" + b" " * 250_000},
    "a rectangle over the page": {"more": b"\nq 0 0 600 800 re f Q"},
    "a place": {"entries": {"/Location": text("Ici")}},
    "a contact": {"entries": {"/ContactInfo": text("moi")}},
    "another reason": {"entries": {"/Reason": text("Lu et refusé")}},
    "another name in the dictionary": {"entries": {"/Name": text("Un Autre")}},
    "a maker": {"entries": {"/Prop_Build": text("autre")}},
    "another date in the dictionary": {"entries": {"/M": text("D:20250106093000+00'00'")}},
}
"""What an act draws or says otherwise than its certificate and its event, by name: options of :func:`drawn`."""


def drawn(**changed: Any) -> bytes:
    """Return the final file, its last act signed with other words in the box, or other entries in its dictionary."""
    shown, made = sign.form, writer.signature_object
    words = changed.pop("shown", lambda look: look)
    entries, more = changed.pop("entries", {}), changed.pop("more", b"")

    def other_form(look: Any, *place: Any) -> Any:
        form = shown(words(look), *place)
        form._data = (form._data or b"") + more
        return form

    def other_value(*given: Any, **options: Any) -> Any:
        value = made(*given, **options)
        for key, held in entries.items():
            value[name(key)] = held
        return value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign, "form", other_form)
        patch.setattr(writer, "signature_object", other_value)
        return sign_as(world(), FINAL_FIELD, world().steps[4])
