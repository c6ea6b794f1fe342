"""Reading a class list as a spreadsheet exports it: every fault named with its line, nothing half-read."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pfmp_saas.core import reading
from pfmp_saas.core.text import fold

MOST = 2000
COLUMNS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "nom": ("last_name", reading.line),
    "prenom": ("first_name", reading.line),
    "date_naissance": ("birth_date", reading.day),
    "classe": ("class_name", reading.line),
    "diplome": ("diploma", reading.line),
    "intitule": ("course_title", reading.line),
    "heures": ("course_hours", reading.whole_number),
    "courriel": ("email", reading.email),
    "adresse": ("address", reading.line),
    "avis_medical": ("medical_opinion_on", reading.day),
    "representant": ("guardian_name", reading.line),
    "courriel_representant": ("guardian_email", reading.email),
}
REQUIRED = ("nom", "prenom", "date_naissance")


@dataclass(frozen=True)
class Fault:
    """What is wrong on a line of the file; line 1 is the header."""

    line: int
    message: str


@dataclass(frozen=True)
class Roster:
    """The pupils read, as values by field, and every fault. With a fault, nothing is to be kept."""

    pupils: tuple[Mapping[str, Any], ...]
    faults: tuple[Fault, ...]


def read(content: bytes) -> Roster:
    """Read a CSV file in UTF-8 or in Windows' encoding, separated by semicolons, commas or tabs."""
    text = _decode(content)
    if text is None or "\x00" in text:
        return Roster(
            (), (Fault(1, "Ce fichier n’est pas un texte CSV. Enregistrez la feuille au format CSV."),)
        )
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    if not rows:
        return Roster((), (Fault(1, "Le fichier est vide."),))
    header = [_plain(name) for name in rows[0]]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        return Roster((), (Fault(1, f"Il manque la colonne « {missing[0]} »."),))
    if len(rows) - 1 > MOST:
        return Roster((), (Fault(MOST + 2, f"{MOST} élèves au plus par fichier."),))
    return _rows(header, rows[1:])


def _rows(header: list[str], rows: list[list[str]]) -> Roster:
    pupils, faults = [], []
    for number, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells):
            values, wrong = _row(dict(zip(header, cells, strict=False)))
            pupils.append(values)
            faults += [Fault(number, message) for message in wrong]
    if not pupils and not faults:
        faults.append(Fault(2, "Le fichier ne contient aucun élève."))
    return Roster(tuple(pupils), tuple(faults))


def _row(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    wrong = []
    for column, (name, reader) in COLUMNS.items():
        try:
            values[name] = reader(cells.get(column, "").strip())
        except ValueError as error:
            wrong.append(f"{column} : {error}")
        else:
            if column in REQUIRED and not values[name]:
                wrong.append(f"{column} : à remplir.")
    if bool(values.get("guardian_name")) != bool(values.get("guardian_email")):
        wrong.append("representant : le nom et le courriel vont ensemble.")
    return values, wrong


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    return None


def _plain(name: str) -> str:
    """Return a column's name without accents, blanks or capitals, so that « Date naissance » is found."""
    return fold(name).replace(" ", "_")
