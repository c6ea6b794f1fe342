"""The files that a school hands over, told apart by their content, read together in any order, zipped or not."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from pfmp_saas.roster.reading import rows, siecle, tables, xml
from pfmp_saas.roster.reading.columns import NOTHING
from pfmp_saas.roster.reading.decoding import UnknownEncoding, decoded
from pfmp_saas.roster.reading.values import Fault, Gathering, Roster

LARGEST = 40_000_000
"""Bytes of all files together once unzipped, at most: SIECLE's three files of 3,000 pupils are ten millions."""
_MOST_MEMBERS = 20
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOKS = ("[Content_Types].xml", "mimetype")


@dataclass(frozen=True)
class Source:
    """A file: the name it came under, and its bytes."""

    name: str
    content: bytes


def read(
    sources: Sequence[Source], today: date, chosen: Mapping[str, str] = NOTHING, encoding: str = ""
) -> Roster:
    """Read files of pupils as on ``today``: what can't be read is a fault with its file and line, never an error.

    ``chosen`` are the fields that a school gave to columns, by the key of their header; ``encoding`` the one it gave
    to its lists, found out where it is empty.
    """
    into = Gathering()
    documents = []
    for source in _unzipped(sources, into):
        if source.content.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] == b"<":
            documents += _document(source, into)
        else:
            _table(source, today, into, chosen, encoding)
    if documents:
        siecle.gather(documents, into)
    return into.roster()


def _unzipped(sources: Sequence[Source], into: Gathering) -> Iterator[Source]:
    """Yield the files, those inside an archive too."""
    room = LARGEST
    for source in sources:
        if not source.content.startswith(_ZIP) or _is_workbook(source.content):
            members = [source]
        else:
            members = _members(source, room, into)
        for member in members:
            room -= len(member.content)
            if room < 0:
                into.faults.append(Fault(source.name, 1, f"{LARGEST // 1_000_000} Mo au plus en tout"))
                return
            yield member


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name in archive.namelist() for name in _WORKBOOKS)
    except (zipfile.BadZipFile, ValueError):
        return False


def _members(source: Source, room: int, into: Gathering) -> list[Source]:
    """Return what an archive holds, never more than ``room`` bytes of it."""
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            for info in _files_of(archive):
                with archive.open(info) as member:
                    content = member.read(room + 1)
                found.append(Source(PurePath(info.filename).name, content))
                room -= len(content)
                if room < 0:
                    break
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError, EOFError):
        into.faults.append(
            Fault(source.name, 1, "cette archive ne s’ouvre pas : faites-en une autre, sans mot de passe")
        )
        return []
    if not found:
        into.faults.append(Fault(source.name, 1, "cette archive est vide"))
    return found


def _files_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the members that are files, those that a Mac adds for itself left out."""
    files = [
        info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX")
    ]
    return files[:_MOST_MEMBERS]


def _document(source: Source, into: Gathering) -> list[siecle.XmlFile]:
    try:
        root = xml.read(source.content)
    except xml.BadXml as error:
        into.faults.append(Fault(source.name, error.line, str(error)))
        return []
    if root.name not in siecle.ROOTS:
        reason = f"« {root.name[:40]} » n’est pas un fichier de SIECLE attendu (élèves, responsables ou nomenclature)"
        into.faults.append(Fault(source.name, root.line, reason))
        return []
    return [siecle.XmlFile(source.name, root)]


def _table(source: Source, today: date, into: Gathering, chosen: Mapping[str, str], encoding: str) -> None:
    try:
        rows.gather(_rows(source.content, encoding), source.name, today, into, chosen)
    except UnknownEncoding as error:
        into.faults.append(Fault(source.name, error.line, str(error)))
    except tables.NoTable as error:
        into.faults.append(Fault(source.name, 1, str(error)))


def _rows(content: bytes, encoding: str) -> list[tables.Row]:
    if content.startswith((_ZIP, _OLE)):
        return tables.spreadsheet(content)
    if content[:100].count(b"\0") < len(content[:100]) // 3 and b"\0" in content:
        raise tables.NoTable("ce fichier n’est ni un texte, ni un classeur, ni un fichier de SIECLE")
    return tables.separated(decoded(content, encoding))
