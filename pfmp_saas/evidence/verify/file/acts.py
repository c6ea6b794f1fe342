"""Each act's revision, written once more from its certificate, its reason and the field's place, and compared byte for byte.

What an act adds to a file is a function of a few values: whatever else stands there, a word in the box, a key in the
signature, a byte between two objects, is not what the service wrote.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic

from pfmp_saas.documents.sealing.cms import room
from pfmp_saas.documents.sealing.drawn import (
    Appearance,
    CarriedAppearance,
    PaperAppearance,
    drawn_content,
    writable,
)
from pfmp_saas.documents.sealing.names import EVENT_REASON
from pfmp_saas.evidence.verify.file.carried import carried_seen
from pfmp_saas.evidence.verify.file.document import CERTIFIED, Signature, entry_of
from pfmp_saas.evidence.verify.file.frozen import signature_font
from pfmp_saas.evidence.verify.file.grammar import Placed, Section
from pfmp_saas.evidence.verify.file.paper import paper_seen
from pfmp_saas.evidence.verify.file.sealed_file import SealedFile
from pfmp_saas.evidence.verify.file.signature import hole
from pfmp_saas.evidence.verify.report import Wrong

_LETTER = re.compile(rb"<([0-9A-F]{2,4})> <([0-9A-F]{4})>\n")
_DRAWN_LINE = re.compile(rb"<((?:[0-9A-F]{4})*)> Tj")
_DRAWN_TIME = re.compile(r"(?:Signé |reportée )?le ([0-9]{2}/[0-9]{2}/[0-9]{4} à [0-9]{2}:[0-9]{2})(?:, .*)?")
_DRAWN_ROLE = re.compile(r"Original vu par .* \(([^()]{1,100})\)")
_EVENT_NAMED = re.compile(re.escape(EVENT_REASON) + "([0-9a-f]{64})(?: ; .*)?")
_RANGE_WIDTH = 62
_LONGEST_WAIT = timedelta(days=60)
"""Between an act and its seal, where an authority's time was waited for."""


@dataclass(frozen=True)
class SignatureLetters:
    """The font of signatures, as the file carries it: glyphs and letters, widths in thousandths of the size."""

    glyphs: Mapping[str, int]
    widths: list[int]

    def encode(self, words: str) -> tuple[str, int]:
        """Return the glyphs of a text in hexadecimal and its width in thousandths of the size."""
        numbers = [self.glyphs[letter] for letter in writable(words, self.glyphs)]
        return "".join(f"{number:04X}" for number in numbers), sum(self.widths[number] for number in numbers)

    @cached_property
    def letters(self) -> Mapping[int, str]:
        """Return the letter of each glyph."""
        return {number: letter for letter, number in self.glyphs.items()}

    def decode(self, glyphs: bytes) -> str:
        """Return the words of glyphs in hexadecimal."""
        return "".join(self.letters.get(int(glyphs[at : at + 4], 16), "?") for at in range(0, len(glyphs), 4))


def check_acts(file: SealedFile, sections: tuple[Section, ...]) -> None:
    """Check that each act's revision is, to the byte, what the service writes for it; raises Wrong."""
    letters = _letters_of(sections)
    for act in file.document.acts:
        if not CERTIFIED < act.revision < len(sections):
            raise Wrong(f"la signature « {act.label} » n’a pas de révision à elle")
        before, own = sections[act.revision - 1], sections[act.revision]
        written = file.document.pdf[before.end : own.end]
        if written != _act_bytes(file, act, sections, _drawing_of(file, act, own, letters)):
            raise Wrong(
                f"la signature « {act.label} » n’est pas écrite, à l’octet près, comme le service l’écrit"
            )


def _letters_of(sections: tuple[Section, ...]) -> SignatureLetters:
    """Return the font of signatures, as the certified revision carries it."""
    both = {**sections[0].objects, **sections[CERTIFIED].objects}
    _, meaning, widths = signature_font(both, sections[CERTIFIED])
    glyphs = {chr(int(code, 16)): int(number, 16) for number, code in _LETTER.findall(meaning)}
    return SignatureLetters(glyphs, widths)


def drawn_lines(file: SealedFile, act: Signature) -> list[str]:
    """Return the words that an act shows in its field, line by line."""
    return _lines_of(file.sections[act.revision], _letters_of(file.sections))


def _lines_of(own: Section, letters: SignatureLetters) -> list[str]:
    drawn = own.objects.get(max(own.objects))
    return [letters.decode(line) for line in _DRAWN_LINE.findall((drawn.stream if drawn else None) or b"")]


def _drawing_of(file: SealedFile, act: Signature, own: Section, letters: SignatureLetters) -> bytes:
    """Return what must be drawn in the field of an act: its words by the certificate, its time by what is drawn."""
    lines = _lines_of(own, letters)
    if len(lines) != 4:
        raise Wrong(f"le dessin de la signature « {act.label} » n’est pas celui de son certificat")
    shown = _shown(file, act, lines)
    left, bottom, right, top = (float(side) for side in entry_of(act.field_entry, "/Rect"))
    return drawn_content(shown, right - left, top - bottom, letters.encode)


def _shown(
    file: SealedFile, act: Signature, lines: list[str]
) -> Appearance | PaperAppearance | CarriedAppearance:
    name, capacity = str(entry_of(act.value, "/Name", "")), file.document.statement.expected[act.field]
    paper = paper_seen(file, act)
    if paper:
        role = _DRAWN_ROLE.fullmatch(lines[2])
        when = _time_drawn(file, act, lines[3])
        day = f"{paper.signed_on:%d/%m/%Y}"
        return PaperAppearance(
            name, role[1] if role else "", paper.signer, capacity, day, when, paper.scan_sha256[:16]
        )
    carried = carried_seen(file, act)
    if carried:
        day, when = f"{carried.signed_on:%d/%m/%Y}", _time_drawn(file, act, lines[3])
        return CarriedAppearance(
            name, carried.signer, capacity, day, carried.version[:16], when, carried.act[:16]
        )
    event = _EVENT_NAMED.fullmatch(str(entry_of(act.value, "/Reason", "")))
    if event is None:
        raise Wrong(f"la signature « {act.label} » ne nomme pas son événement")
    return Appearance(name, capacity, _time_drawn(file, act, lines[2]), event[1][:16])


def _time_drawn(file: SealedFile, act: Signature, line: str) -> str:
    """Return the time that is drawn; raises Wrong where it is not the signature's, in the school's zone.

    Where the seal waited for an authority, the act came before: the bundle compares with its event.
    """
    found, zone = _DRAWN_TIME.fullmatch(line), file.document.statement.zone
    wrong = Wrong(f"l’heure dessinée pour la signature « {act.label} » n’est pas la sienne")
    if found is None or act.at is None:
        raise wrong
    try:
        drawn = datetime.strptime(found[1], "%d/%m/%Y à %H:%M").replace(tzinfo=zone)
    except ValueError:
        raise wrong from None
    sealed = act.at.astimezone(zone).replace(second=0, microsecond=0)
    waited = sealed - drawn
    if waited and not (file.document.statement.timestamped and timedelta(0) < waited < _LONGEST_WAIT):
        raise wrong
    return found[1]


def _act_bytes(file: SealedFile, act: Signature, sections: tuple[Section, ...], drawn: bytes) -> bytes:
    """Return the bytes of an act's revision, as the service writes them."""
    pdf, before, own = file.document.pdf, sections[act.revision - 1], sections[act.revision]
    certified = sections[CERTIFIED]
    value, look = before.size + 1, before.size + 2  # one number is left unused
    places: dict[int, int] = {}
    parts = [
        (act.field_id, _filled(pdf, certified.objects[act.field_id], value, look)),
        (value, _value_text(file, act)),
        (look, _look_text(act, certified, drawn)),
    ]
    at, body = before.end, b""
    for number, text in parts:
        places[number] = at + len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(_rows(sorted(places), places))
    trailer = (
        b"trailer\n<<\n/ID [ <%s> <%s> ]\n/Info %d 0 R\n/Root %d 0 R\n/Size %d\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            before.identity,
            own.update,
            certified.info,
            certified.root,
            before.size + 3,
            before.table,
            at + len(body),
        )
    )
    return body + b"xref\n0 1\n0000000000 65535 f \n" + table + trailer


def _rows(numbers: list[int], places: Mapping[int, int]) -> list[bytes]:
    rows = []
    for rank, number in enumerate(numbers):
        if not rank or number != numbers[rank - 1] + 1:
            run = next(
                end
                for end in range(rank, len(numbers) + 1)
                if end == len(numbers) or numbers[end] - number != end - rank
            )
            rows.append(b"%d %d\n" % (number, run - rank))
        rows.append(b"%010d 00000 n \n" % places[number])
    return rows


def _filled(pdf: bytes, field: Placed, value: int, look: int) -> bytes:
    text = pdf[field.start : field.end].partition(b" 0 obj\n")[2].removesuffix(b"\nendobj\n")
    return text.removesuffix(b">>") + b"/V %d 0 R\n/AP <<\n/N %d 0 R\n>>\n>>" % (value, look)


def _value_text(file: SealedFile, act: Signature) -> bytes:
    """Return a signature's dictionary: nothing but the service's entries, with as many digits as its path takes."""
    digits, signed = hole(file.document.pdf, act), file.signed[act.field]
    if len(digits) != room(signed.signer, (signed.authority, signed.root), stamped=signed.stamp is not None):
        raise Wrong(f"la signature « {act.label} » n’a pas la place que le service lui garde")
    first, length, second, rest = act.byte_range
    covered = (b"[%d %d %d %d]" % (first, length, second, rest)).ljust(_RANGE_WIDTH)
    return (
        b"<<\n/Contents <%s>\n/ByteRange %s\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n"
        b"/M %s\n/Name %s\n/Reason %s\n>>"
    ) % (
        digits,
        covered,
        _as_written(generic.pdf_date(act.at)) if act.at else b"",
        _as_written(_words(act, "/Name")),
        _as_written(_words(act, "/Reason")),
    )


def _words(act: Signature, key: str) -> Any:
    text: Any = generic
    return text.pdf_string(str(entry_of(act.value, key, "")))


def _look_text(act: Signature, certified: Section, drawn: bytes) -> bytes:
    """Return the appearance: a form over the field's box, in the font of signatures."""
    left, bottom, right, top = (float(side) for side in entry_of(act.field_entry, "/Rect"))
    form = certified.objects[certified.objects[certified.root].value["AcroForm"].number].value
    numbers: Any = generic
    sides = b" ".join(
        _as_written(numbers.FloatObject(round(side, 2))) for side in (0, 0, right - left, top - bottom)
    )
    font = form["DR"]["Font"]["PFMP"].number
    return (
        b"<<\n/Type /XObject\n/Subtype /Form\n/BBox [ %s ]\n/Resources <<\n/Font <<\n/F %d 0 R\n>>\n>>\n/Length %d\n>>\n"
        b"stream\n%s\nendstream"
    ) % (sides, font, len(drawn), drawn)


def _as_written(value: Any) -> bytes:
    output = BytesIO()
    value.write_to_stream(output)
    return output.getvalue()
