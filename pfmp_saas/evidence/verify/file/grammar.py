"""Every byte of a sealed file accounted for: objects end to end, the table that names each, the trailer, nothing else.

A reader that finds a table damaged builds another by scanning the file, and may then show other objects: an attack, with
two readers that disagree. So nothing is left to find: each byte belongs to an object that its own revision's table names,
at its very place, or to that table.
"""

import re
from dataclasses import dataclass

from pfmp_saas.evidence.verify.file.syntax import PdfValue, read_value
from pfmp_saas.evidence.verify.report import Wrong

_HEADER = re.compile(rb"%PDF-1\.[3-7]\n%(?:\x93\x8c\x8b\x9e)? ReportLab Generated PDF document [ -~]{1,60}\n")
_TABLE_START = b"xref\n"
_ROW = re.compile(rb"(?P<first>0|[1-9][0-9]{0,6}) (?P<count>[1-9][0-9]{0,6})\n")
_USED, _NONE = re.compile(rb"([0-9]{10}) 00000 n \n"), b"0000000000 65535 f \n"
_RENDERED_TRAILER = re.compile(
    rb"trailer\n<<\n/ID \n\[<(?P<identity>[0-9a-f]{32})><(?P<update>(?P=identity))>\]\n% ReportLab [ -~]{1,80}\n\n"
    rb"/Info (?P<info>[1-9][0-9]{0,6}) 0 R\n/Root (?P<root>[1-9][0-9]{0,6}) 0 R\n/Size (?P<size>[1-9][0-9]{0,6})\n>>\n"
    rb"startxref\n(?P<start>[1-9][0-9]{0,9})\n%%EOF\n"
)
_ADDED_TRAILER = re.compile(
    rb"trailer\n<<\n/ID \[ <(?P<identity>[0-9a-f]{32})> <(?P<update>[0-9a-f]{32})> \]\n"
    rb"/Info (?P<info>[1-9][0-9]{0,6}) 0 R\n/Root (?P<root>[1-9][0-9]{0,6}) 0 R\n/Size (?P<size>[1-9][0-9]{0,6})\n"
    rb"/Prev (?P<previous>[1-9][0-9]{0,9})\n>>\nstartxref\n(?P<start>[1-9][0-9]{0,9})\n%%EOF\n"
)
_STREAM, _END_STREAM, _END_OBJECT = b"\nstream\n", b"endstream", b"\nendobj\n"


@dataclass(frozen=True)
class Placed:
    """An object at its place in the file: its value, the data of its stream, and the bytes that it takes."""

    value: PdfValue
    stream: bytes | None
    start: int
    end: int


@dataclass(frozen=True)
class Section:
    """A revision: its objects by number, the place of its table, what its trailer says, where it ends.

    ``identity`` is the file's, ``update`` the revision's own.
    """

    objects: dict[int, Placed]
    table: int
    info: int
    root: int
    size: int
    end: int
    identity: bytes
    update: bytes


def sections_of(pdf: bytes, tables: tuple[int, ...]) -> tuple[Section, ...]:
    """Read all revisions, given where their tables are, oldest first. Raises Wrong at the first byte that is no part."""
    header = _HEADER.match(pdf)
    if header is None:
        raise Wrong("le PDF ne commence pas comme ceux du service")
    found: list[Section] = []
    start = header.end()
    for number, table in enumerate(tables):
        section = _section(pdf, start, table, tables[number - 1] if number else None)
        _check_same_roots(section, found)
        found.append(section)
        start = section.end
    if start != len(pdf):
        raise Wrong("des octets suivent la dernière révision")
    return tuple(found)


def _check_same_roots(section: Section, before: list[Section]) -> None:
    """Check that a revision keeps the catalogue and the information of the first, and numbers no object out of its size."""
    first = before[0] if before else section
    numbers = section.objects
    kept = (section.info, section.root, section.identity) == (first.info, first.root, first.identity)
    if not kept or not section.size > max(numbers):
        raise Wrong("une révision change de catalogue, ou d’objets qu’elle ne compte pas")


def _section(pdf: bytes, start: int, table: int, previous: int | None) -> Section:
    places, after = _places_of(pdf, table, whole=previous is None)
    trailer = (_RENDERED_TRAILER if previous is None else _ADDED_TRAILER).match(pdf, after)
    if (
        trailer is None
        or int(trailer["start"]) != table
        or (previous is not None and int(trailer["previous"]) != previous)
    ):
        raise Wrong("la fin d’une révision n’est pas celle que le service écrit")
    ends = [*sorted(places.values())[1:], table]
    if not places or min(places.values()) != start or len(set(places.values())) != len(places):
        raise Wrong("une révision a des octets qui ne sont d’aucun objet")
    gap = b"" if previous is None else b"\n"
    ordered = sorted(places, key=places.__getitem__)
    objects = {
        number: _placed(pdf, number, places[number], end, gap)
        for number, end in zip(ordered, ends, strict=True)
    }
    info, root, size = (int(trailer[name]) for name in ("info", "root", "size"))
    return Section(objects, table, info, root, size, trailer.end(), trailer["identity"], trailer["update"])


def _places_of(pdf: bytes, table: int, *, whole: bool) -> tuple[dict[int, int], int]:
    """Return the place of each object that a table names, and where the table ends; ``whole`` tables are one run."""
    if not pdf.startswith(_TABLE_START, table):
        raise Wrong("une table des objets n’est pas à sa place")
    places: dict[int, int] = {}
    at, last = table + len(_TABLE_START), -1
    while run := _ROW.match(pdf, at):
        first, count = int(run["first"]), int(run["count"])
        if first <= last or (whole and at > table + len(_TABLE_START)):
            raise Wrong("une table des objets n’est pas écrite comme le service les écrit")
        at = _run(pdf, run.end(), first, count, places)
        last = first + count - 1
    return places, at


def _run(pdf: bytes, at: int, first: int, count: int, places: dict[int, int]) -> int:
    for number in range(first, first + count):
        used = _USED.match(pdf, at)
        if number and used:
            places[number] = int(used[1])
        elif number or not pdf.startswith(_NONE, at):
            raise Wrong("une table des objets n’est pas écrite comme le service les écrit")
        at += len(_NONE)
    return at


def _placed(pdf: bytes, number: int, start: int, end: int, gap: bytes) -> Placed:
    """Read the object between two places: nothing stands before, after or inside it that is not its own."""
    head = b"%d 0 obj\n" % number
    if not pdf.startswith(head, start) or not pdf.endswith(_END_OBJECT, start + len(head), end):
        raise Wrong("une révision a des octets qui ne sont d’aucun objet")
    body = pdf[start + len(head) : end - len(_END_OBJECT)]
    value, after = read_value(body)
    if after == len(body):
        return Placed(value, None, start, end)
    return Placed(value, _stream_of(value, body[after:], gap), start, end)


def _stream_of(value: PdfValue, rest: bytes, gap: bytes) -> bytes:
    """Return a stream's data: exactly as many bytes as its dictionary says, by itself."""
    length = value.get("Length") if isinstance(value, dict) else None
    if type(length) is not int:
        raise Wrong("un flux du PDF n’a pas de longueur")
    data = rest[len(_STREAM) : len(_STREAM) + length]
    if rest != _STREAM + data + gap + _END_STREAM or len(data) != length:
        raise Wrong("un flux du PDF n’a pas la longueur qu’il dit")
    return data
