"""One act's revision of a file that was frozen here: what it needs of the file is read, what it adds is written.

pyHanko's reader goes through every table and a dozen objects of the file before it adds three, which costs more than
the signature. Here the last tables are read, in the one form in which `prepare` and this module write them, and nothing
else is accepted. Objects are still written by pyHanko; a test holds the whole to its writer's bytes.
"""

import os
import re
from collections.abc import Iterator
from typing import IO, Protocol

from pfmp_saas.documents.sealing.names import FONT_KEY
from pfmp_saas.documents.sealing.objects import written
from pfmp_saas.documents.sealing.values import FieldTaken, NoSuchField, SealingError

_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n\Z")
_LONGEST_END = 40
_FREE = b"0 1\n0000000000 65535 f \n"
_TABLE = re.compile(
    rb"xref\n" + _FREE + rb"((?:\d+ \d+\n(?:\d{10} 00000 n \n)+)+)"
    rb"trailer\n<<\n/ID \[ (<[0-9a-f]{32}>) <[0-9a-f]{32}> \]\n(/Info \d+ 0 R\n/Root (\d+) 0 R\n)"
    rb"/Size (\d+)\n/Prev (\d+)\n>>\nstartxref\n\d+\n%%EOF\n"
)
_ROWS = re.compile(rb"(\d+) (\d+)\n((?:\d{10} 00000 n \n)+)")
_ROW_BYTES = 20
_FORM = re.compile(rb"\n/AcroForm (\d+) 0 R\n")
_FIELDS = re.compile(rb"\n/Fields \[ ((?:\d+ 0 R )+)\]\n")
_FONT = re.compile(rb"\n" + FONT_KEY.encode() + rb" (\d+) 0 R\n")
_BOX = re.compile(rb"\n/Rect \[ (\S+) (\S+) (\S+) (\S+) \]\n")
_FROZEN_ELSEWHERE = "ce fichier n’a pas été figé par le service"


class Written(Protocol):
    """An object of pyHanko's that writes itself."""

    def write_to_stream(self, stream: IO[bytes], handler: None = None, container_ref: None = None) -> None:
        """Write the object."""


class Revision:
    """What one act adds to a file: a field filled, its signature, its appearance."""

    def __init__(self, pdf: bytes, field: str) -> None:
        """Find an empty field in a frozen file. Raises NoSuchField, FieldTaken, SealingError."""
        self._pdf = pdf
        self._start, last = _last_table(pdf)
        self._id, self._references, self._size = last[2], last[3], int(last[5])
        self._places = _places(pdf, last)
        form = self._object(_number(_FORM, self._object(int(last[4]))))
        self._font = _number(_FONT, form)
        self._field, self._filled = self._empty(form, field)
        self._signature: Written | None = None
        self._appearance: Written | None = None

    @property
    def font(self) -> int:
        """The number of the font that appearances are written in."""
        return self._font

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The field's place on its page: left, bottom, right, top, in points."""
        found = _need(_BOX.search(self._filled))
        left, bottom, right, top = (float(side) for side in found.groups())
        return left, bottom, right, top

    def fill(self, signature: Written, appearance: Written) -> None:
        """Say what the field holds."""
        self._signature, self._appearance = signature, appearance

    def write(self, output: IO[bytes]) -> None:
        """Write the file with its revision, as pyHanko's writer does: it is called when the signature is filled."""
        output.write(self._pdf)
        signature, appearance = self._size + 1, self._size + 2  # pyHanko leaves one number unused
        entries = b"/V %d 0 R\n/AP <<\n/N %d 0 R\n>>\n>>" % (signature, appearance)
        places = {self._field: output.tell()}
        output.write(b"%d 0 obj\n%s%s\nendobj\n" % (self._field, self._filled.removesuffix(b">>"), entries))
        for number, value in ((signature, self._signature), (appearance, self._appearance)):
            if value is None:
                raise SealingError("la révision n’a pas reçu ce qui remplit le champ")
            places[number] = output.tell()
            output.write(b"%d 0 obj\n" % number)
            value.write_to_stream(output)
            output.write(b"\nendobj\n")
        self._write_table(output, places)

    def _write_table(self, output: IO[bytes], places: dict[int, int]) -> None:
        start = output.tell()
        output.write(b"xref\n" + _FREE)
        for run in _runs(sorted(places)):
            output.write(b"%d %d\n" % (run[0], len(run)))
            output.writelines(b"%010d 00000 n \n" % places[number] for number in run)
        output.write(
            b"trailer\n<<\n/ID [ %s <%s> ]\n%s/Size %d\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n"
            % (
                self._id,
                os.urandom(16).hex().encode(),
                self._references,
                self._size + 3,
                self._start,
                start,
            )
        )

    def _empty(self, form: bytes, wanted: str) -> tuple[int, bytes]:
        named = b"\n/T " + written(wanted) + b"\n"
        for reference in _need(_FIELDS.search(form))[1].split(b" 0 R "):
            if reference and named in (found := self._object(int(reference))):
                if b"\n/V " in found:
                    raise FieldTaken(f"le champ « {wanted} » est déjà signé")
                return int(reference), found
        raise NoSuchField(f"le document n’a pas de champ de signature « {wanted} »")

    def _object(self, number: int) -> bytes:
        """Return the text of a dictionary. Raises SealingError where the table does not lead to it."""
        start, head = self._places.get(number, 0), b"%d 0 obj\n" % number
        end = self._pdf.find(b"\nendobj\n", start)
        found = self._pdf[start + len(head) : end]
        if end < 0 or not self._pdf.startswith(head, start) or not found.endswith(b">>"):
            raise SealingError(_FROZEN_ELSEWHERE)
        return found


def _last_table(pdf: bytes) -> tuple[int, "re.Match[bytes]"]:
    """Return where the last table starts, and the table: it ends the file."""
    start = int(_need(_END.search(pdf, max(0, len(pdf) - _LONGEST_END)))[1])
    return start, _need(_TABLE.fullmatch(pdf, start))


def _places(pdf: bytes, table: "re.Match[bytes]") -> dict[int, int]:
    """Return where objects start, the newest first, back to the revision that froze the file: it wrote the catalogue."""
    places: dict[int, int] = {}
    while True:
        for rows in _ROWS.finditer(table[1]):
            first, count, entries = int(rows[1]), int(rows[2]), rows[3]
            if len(entries) != count * _ROW_BYTES:
                raise SealingError(_FROZEN_ELSEWHERE)
            for rank in range(count):
                places.setdefault(first + rank, int(entries[_ROW_BYTES * rank : _ROW_BYTES * rank + 10]))
        if int(table[4]) in places:
            return places
        before = int(table[6])
        if before >= table.start():
            raise SealingError(_FROZEN_ELSEWHERE)
        table = _need(_TABLE.match(pdf, before))


def _runs(numbers: list[int]) -> Iterator[list[int]]:
    """Yield runs of consecutive numbers."""
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    yield run


def _number(pattern: "re.Pattern[bytes]", text: bytes) -> int:
    return int(_need(pattern.search(text))[1])


def _need(found: "re.Match[bytes] | None") -> "re.Match[bytes]":
    if found is None:
        raise SealingError(_FROZEN_ELSEWHERE)
    return found
