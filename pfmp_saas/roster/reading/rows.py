"""A row of a list becomes a pupil, or the reasons why it does not: all of a line, or nothing of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from pfmp_saas.core import reading
from pfmp_saas.core.addresses import read_address, suggestion
from pfmp_saas.core.text import fold, stored_line
from pfmp_saas.core.years import age_on
from pfmp_saas.roster.reading import dates
from pfmp_saas.roster.reading.columns import NOTHING, matched, missing
from pfmp_saas.roster.reading.tables import NoTable, Row
from pfmp_saas.roster.reading.values import Doubt, Fault, Gathering, ReadColumn, ReadGuardian, ReadPupil

MOST = 5000
"""Pupils of one list at most."""
_HEADER_WITHIN = 15
_LONGEST = 300
_APPRENTICE = ("ap", "apprenti", "apprentie", "apprentissage")
Value = TypeVar("Value")
_TEXTS = ("usage_name", "class_name", "mef", "diploma", "course_title", "phone", "address", "national_id")


@dataclass
class _Line:
    """A row being read: its cells by field, and what is wrong or doubtful so far."""

    cells: Mapping[str, str]
    today: date
    wrong: list[str]
    doubtful: list[str]

    def text(self, field: str) -> str:
        reader = _postal if field.endswith("address") else _text
        return self.read(field, reader) or ""

    def read(self, field: str, reader: Callable[[str], Value]) -> Value | None:
        """Return a cell as ``reader`` reads it; None where it is blank or wrong."""
        cell = self.cells.get(field, "").strip()
        try:
            return reader(cell) if cell else None
        except ValueError as error:
            self.wrong.append(f"{error}".rstrip("."))
            return None

    def address(self, field: str) -> str:
        """Return an e-mail address; a likely misspelling is to be confirmed."""
        found = self.read(field, read_address) or ""
        likely = suggestion(found)
        if likely:
            self.doubtful.append(f"« {found} » : ne serait-ce pas « {likely} » ?")
        return found

    def day(self, field: str) -> date | None:
        return self.read(field, dates.day)

    def born(self) -> date | None:
        found = self.read("birth_date", lambda cell: dates.born(cell, self.today))
        if found is None:
            return None
        if found.doubtful:
            self.doubtful.append(f"« {self.cells['birth_date'].strip()} » est lu {found.day:%d/%m/%Y}")
        elif age_on(found.day, self.today) not in dates.AGES:
            self.doubtful.append(f"{found.day:%d/%m/%Y} donne {age_on(found.day, self.today)} ans")
        return found.day


def gather(
    rows: Sequence[Row], file: str, today: date, into: Gathering, chosen: Mapping[str, str] = NOTHING
) -> None:
    """Read a table into ``into``, its columns as ``chosen`` by the school. Raises NoTable when no row names them."""
    header, body = _header(rows, chosen)
    places, left = matched(header.cells, chosen)
    into.columns_left += [(file, name) for name in left]
    into.columns += _columns(file, header, body, places)
    lacking = missing(places)
    if lacking:
        into.faults.append(Fault(file, header.line, f"il manque la colonne « {lacking} »"))
        return
    if len(body) > MOST:
        into.faults.append(Fault(file, body[MOST].line, f"{MOST} élèves au plus par fichier"))
        return
    into.add(_pupils(body, places, len(header.cells), file, today, into))


def _columns(file: str, header: Row, body: Sequence[Row], places: Mapping[str, int]) -> Iterator[ReadColumn]:
    """Yield the columns that have a header, each with its first value and the field that takes it."""
    taken = {place: field for field, place in places.items()}
    for place, name in enumerate(header.cells):
        cells = (row.cells[place].strip() for row in body[:_HEADER_WITHIN] if place < len(row.cells))
        if name.strip():
            sample = " ".join(next(filter(None, cells), "").split())
            yield ReadColumn(file, " ".join(name.split()), sample[:60], taken.get(place, ""))


def _header(rows: Sequence[Row], chosen: Mapping[str, str]) -> tuple[Row, Sequence[Row]]:
    """Return the row that names most columns among the first ones (a title may stand above), and those after it."""
    if not rows:
        raise NoTable("le fichier est vide")
    counts = [len(matched(row.cells, chosen)[0]) for row in rows[:_HEADER_WITHIN]]
    best = counts.index(max(counts))
    if counts[best] == 0:
        raise NoTable(
            "aucune colonne n’est reconnue : la première ligne doit nommer les colonnes (nom, prénom, date de naissance…)"
        )
    return rows[best], rows[best + 1 :]


def _pupils(
    body: Sequence[Row], places: Mapping[str, int], width: int, file: str, today: date, into: Gathering
) -> Iterator[ReadPupil]:
    for row in body:
        wrong = [row.broken] if row.broken else []
        if any(cell.strip() for cell in row.cells[width:]):
            wrong.append("cette ligne a plus de cellules que de colonnes")
        cells = {field: row.cells[place] for field, place in places.items() if place < len(row.cells)}
        line = _Line(cells, today, wrong, [])
        pupil = None if wrong else _pupil(line)
        into.faults += [Fault(file, row.line, reason) for reason in line.wrong]
        if pupil is not None and not line.wrong:
            into.doubts += [Doubt(file, row.line, reason) for reason in line.doubtful]
            yield replace(pupil, file=file, line=row.line)


def _pupil(line: _Line) -> ReadPupil | None:
    last, first = _names(line)
    born = line.born()
    if not last:
        line.wrong.append("le nom est à remplir")
    if born is None and not line.cells.get("birth_date", "").strip():
        line.wrong.append("la date de naissance est à remplir")
    texts: dict[str, Any] = {name: line.text(name) for name in _TEXTS}
    hours = line.read("course_hours", reading.whole_number)
    email = line.address("email")
    medical, left = line.day("medical_opinion_on"), line.day("left_on")
    guardians = tuple(_guardians(line))
    if born is None or line.wrong:
        return None
    return ReadPupil(
        last_name=last,
        first_name=first,
        birth_date=born,
        course_hours=hours,
        email=email,
        medical_opinion_on=medical,
        left_on=left,
        apprentice=fold(line.text("status")) in _APPRENTICE,
        guardians=guardians,
        **texts,
    )


def _names(line: _Line) -> tuple[str, str]:
    """Return last and first name; one of them where the person has a single name."""
    last, first = line.text("last_name"), line.text("first_name")
    if not last and "full_name" in line.cells:
        last, first = _parted(line.text("full_name"), line)
    return (last, first) if last else (first, "")


def _parted(whole: str, line: _Line) -> tuple[str, str]:
    """Part « LE GOFF Yann »: the words in capitals are the family's."""
    words = whole.split()
    upper = [word for word in words if word == word.upper()]
    if len(words) > 1 and len(upper) in {0, len(words)}:
        line.wrong.append(f"« {whole[:60]} » : écrivez le nom et le prénom dans deux colonnes")
    return (" ".join(upper), " ".join(word for word in words if word not in upper)) if upper else (whole, "")


def _guardians(line: _Line) -> Iterator[ReadGuardian]:
    for rank in ("guardian1_", "guardian2_"):
        parts = (line.text(rank + "first_name"), line.text(rank + "name"))
        name = line.text(rank + "full_name") or " ".join(part for part in parts if part)
        email = line.address(rank + "email")
        if name:
            yield ReadGuardian(name, email, line.text(rank + "phone"), line.text(rank + "address"))
        elif email:
            line.wrong.append(f"« {email} » : le nom du représentant est à remplir")


def _postal(cell: str) -> str:
    """Return a postal address on one line: Alt+Enter parts its lines in a cell."""
    return _text(", ".join(line.strip(" ,") for line in cell.splitlines() if line.strip(" ,")))


def _text(cell: str) -> str:
    clean = stored_line(cell)
    if len(clean) > _LONGEST:
        raise ValueError(f"{_LONGEST} caractères au plus ; il y en a {len(clean)}")
    return clean
