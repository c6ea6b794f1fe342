"""A list as a table: rows of cells, each with the line of the file where it begins."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pfmp_saas.roster.reading import workbook

SEPARATORS = ";,\t|"
LONGEST_ROW = 30
"""Lines of one row at most, line breaks inside its cells included: beyond, a quotation mark was not closed."""


class NoTable(ValueError):
    """What is no list; the message is French."""


@dataclass(frozen=True)
class Row:
    """Cells of a row, and the line where it begins; ``broken`` says in French why it can't be read."""

    line: int
    cells: tuple[str, ...]
    broken: str = ""


def spreadsheet(content: bytes) -> list[Row]:
    """Read the first sheet that holds something, of a workbook of Excel or LibreOffice. Raises NoTable."""
    try:
        sheets = workbook.sheets(content)
    except workbook.Unreadable as error:
        raise NoTable(
            "ce classeur ne s’ouvre pas : enregistrez la seule liste dans un classeur neuf, au format .xlsx"
        ) from error
    for sheet in sheets:
        if any(any(row) for row in sheet):
            return [Row(line, tuple(row)) for line, row in enumerate(sheet, start=1)]
    raise NoTable("le classeur est vide")


def separated(text: str) -> list[Row]:
    """Read a text separated by semicolons, commas, tabs or bars, whatever ends its lines. Raises NoTable."""
    if "\0" in text:
        raise NoTable("ce fichier n’est ni un texte, ni un classeur, ni un fichier de SIECLE")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    announced = lines[0].strip().lower()
    if announced.startswith("sep=") and len(announced) == len("sep=;"):
        return list(_rows(lines, announced[-1], first=1))
    if not text.strip():
        raise NoTable("le fichier est vide")
    return list(_rows(lines, _separator(lines), first=0))


def _separator(lines: Sequence[str]) -> str:
    """Return the separator that the first lines hold most of."""
    head = "\n".join(line for line in islice(lines, 20) if line.strip())
    return max(SEPARATORS, key=head.count)


def _rows(lines: Sequence[str], separator: str, first: int) -> Iterator[Row]:
    """Yield the rows; one whose quotation marks are not closed is broken, and reading goes on after its first line."""
    at, width = first, 0
    while at < len(lines):
        cells, taken = _row(lines, at, separator)
        if taken > 1 and (
            taken > LONGEST_ROW or _swallowed(cells, separator, width) or _open(lines, at, taken, separator)
        ):
            yield Row(at + 1, (), "un guillemet est ouvert et n’est pas fermé")
            at += 1
            continue
        if any(cell.strip() for cell in cells):
            width = width or len(cells)
            yield Row(at + 1, tuple(cells))
        at += taken


def _row(lines: Sequence[str], at: int, separator: str) -> tuple[list[str], int]:
    source = (line + "\n" for line in islice(lines, at, at + LONGEST_ROW + 1))
    reader = csv.reader(source, delimiter=separator)
    try:
        return next(reader, []), max(1, reader.line_num)
    except csv.Error:
        return [], LONGEST_ROW + 1


def _swallowed(cells: Sequence[str], separator: str, width: int) -> bool:
    """Say whether a cell holds whole lines of the table: a mark left open was closed by a later one."""
    return any(line.count(separator) >= max(1, width - 1) for cell in cells for line in cell.split("\n")[1:])


def _open(lines: Sequence[str], at: int, taken: int, separator: str) -> bool:
    """Say whether a row ends with its file, a mark still open."""
    if at + taken < len(lines):
        return False
    strict = csv.reader((line + "\n" for line in lines[at : at + taken]), delimiter=separator, strict=True)
    try:
        next(strict)
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
