"""SIECLE's three XML files (pupils, guardians, courses), together: each refers to the others by number.

Formats: BEE_ELEVES 3.0, BEE_RESPONSABLES 2.1, BEE_NOMENCLATURES 3.1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pfmp_saas.core.addresses import read_address, suggestion
from pfmp_saas.core.text import stored_line
from pfmp_saas.roster.reading import dates
from pfmp_saas.roster.reading.values import Doubt, Fault, Gathering, ReadGuardian, ReadPupil
from pfmp_saas.roster.reading.xml import Node

PUPILS, GUARDIANS, COURSES = "BEE_ELEVES", "BEE_RESPONSABLES", "BEE_NOMENCLATURES"
ROOTS = (PUPILS, GUARDIANS, COURSES)
_CLASS, _LEGAL, _APPRENTICE = "D", "1", "AP"
_NAMES = {PUPILS: "ElevesSansAdresses.xml"}


@dataclass(frozen=True)
class XmlFile:
    """One of the three files: its name, and its root."""

    name: str
    root: Node


@dataclass(frozen=True)
class _Link:
    """A guardian's place beside a pupil."""

    person: str
    first: bool
    line: int


def gather(files: Sequence[XmlFile], into: Gathering) -> None:
    """Read the files of one school and one year, in any order, into ``into``."""
    if not _together(files, into) or not _pupils_there(files, into):
        return
    into.whole = True
    classes, courses = dict(_classes(files)), dict(_courses(files))
    people = _People(files, into)
    for file, node in _records(files, "ELEVE"):
        pupil = _pupil(file, node, classes, courses, people, into)
        if pupil is not None:
            into.add([pupil])


def _records(files: Sequence[XmlFile], name: str) -> Iterator[tuple[str, Node]]:
    for file in files:
        yield from ((file.name, node) for node in file.root.under(name))


def _together(files: Sequence[XmlFile], into: Gathering) -> bool:
    """Say whether all files are of one school and one year; a fault names the first that is not."""
    for name, french in (("UAJ", "un autre établissement"), ("ANNEE_SCOLAIRE", "une autre année")):
        told = [(file, node) for file in files for node in file.root.under(name)]
        for file, node in told[1:]:
            first, value = told[0][1].text.strip(), node.text.strip()
            if value != first:
                reason = f"ce fichier est d’{french} ({value[:20]}) que {told[0][0].name} ({first[:20]})"
                into.faults.append(Fault(file.name, node.line, reason))
                return False
    return True


def _pupils_there(files: Sequence[XmlFile], into: Gathering) -> bool:
    if any(file.root.name == PUPILS for file in files):
        return True
    into.faults.append(Fault(files[0].name, 1, f"il manque le fichier des élèves ({_NAMES[PUPILS]})"))
    return False


def _classes(files: Sequence[XmlFile]) -> Iterator[tuple[str, str]]:
    """Yield each pupil's number and class: a structure of type D; groups are none."""
    for _, node in _records(files, "STRUCTURES_ELEVE"):
        for structure in node.under("STRUCTURE"):
            if structure.value("TYPE_STRUCTURE") == _CLASS:
                yield node.attributes.get("ELEVE_ID", ""), " ".join(structure.value("CODE_STRUCTURE").split())


def _courses(files: Sequence[XmlFile]) -> Iterator[tuple[str, str]]:
    for _, node in _records(files, "MEF"):
        yield node.attributes.get("CODE_MEF", ""), " ".join(node.value("LIBELLE_LONG").split())


class _People:
    """The persons of the guardians' file, and which are the legal guardians of whom."""

    def __init__(self, files: Sequence[XmlFile], into: Gathering) -> None:
        self._into = into
        self._addresses = {
            node.attributes.get("ADRESSE_ID", ""): _postal(node) for _, node in _records(files, "ADRESSE")
        }
        self._nodes = {
            node.attributes.get("PERSONNE_ID", ""): (file, node) for file, node in _records(files, "PERSONNE")
        }
        self._links: dict[str, list[_Link]] = {}
        for file, node in _records(files, "RESPONSABLE_ELEVE"):
            self._link(file, node)
        self._read: dict[str, ReadGuardian | None] = {}

    def _link(self, file: str, node: Node) -> None:
        if node.value("NIVEAU_RESPONSABILITE") != _LEGAL:
            return
        person = node.value("PERSONNE_ID")
        if person not in self._nodes:
            reason = f"la personne {person[:20]} est responsable légale et n’est pas décrite"
            self._into.faults.append(Fault(file, node.line, reason))
            return
        first = node.value("A_CONTACTER_EN_PRIORITE").lower() in {"true", "1"}
        self._links.setdefault(node.value("ELEVE_ID"), []).append(_Link(person, first, node.line))

    def of(self, pupil: str) -> tuple[ReadGuardian, ...]:
        """Return a pupil's legal guardians, the one to call first the first."""
        links = sorted(self._links.get(pupil, []), key=lambda link: not link.first)
        found = (self._person(person) for person in dict.fromkeys(link.person for link in links))
        return tuple(guardian for guardian in found if guardian is not None)

    def _person(self, key: str) -> ReadGuardian | None:
        if key not in self._read:
            self._read[key] = _guardian(key, *self._nodes[key], self._addresses, self._into)
        return self._read[key]


def _guardian(
    key: str, file: str, node: Node, addresses: Mapping[str, str], into: Gathering
) -> ReadGuardian | None:
    """Return a guardian; a person whose name or address can't be read is a fault, and nobody's guardian."""
    mail, phone = node.value("MEL"), node.value("TEL_PORTABLE") or node.value("TEL_PERSONNEL")
    parts = node.value("PRENOM"), node.value("NOM_USAGE") or node.value("NOM_DE_FAMILLE")
    try:
        name = stored_line(" ".join(parts))
        email = read_address(mail) if mail else ""
        phone, address = stored_line(phone), stored_line(addresses.get(node.value("ADRESSE_ID"), ""))
    except ValueError as error:
        into.faults.append(Fault(file, node.line, f"{error}".rstrip(".")))
        return None
    likely = suggestion(email)
    if likely:
        into.doubts.append(Doubt(file, node.line, f"« {email} » : ne serait-ce pas « {likely} » ?"))
    return ReadGuardian(name, email, phone, address, key)


def _postal(node: Node) -> str:
    street = (node.value(f"LIGNE{rank}_ADRESSE") for rank in range(1, 5))
    town = f"{node.value('CODE_POSTAL')} {node.value('LIBELLE_POSTAL')}"
    return ", ".join(" ".join(part.split()) for part in (*street, town) if part.strip())


def _pupil(
    file: str,
    node: Node,
    classes: Mapping[str, str],
    courses: Mapping[str, str],
    people: _People,
    into: Gathering,
) -> ReadPupil | None:
    """Return a pupil; a name or a day that can't be read is a fault."""
    number, mef, left = node.attributes.get("ELEVE_ID", ""), node.value("CODE_MEF"), node.value("DATE_SORTIE")
    if not node.value("NOM_DE_FAMILLE"):
        into.faults.append(Fault(file, node.line, "le nom est à remplir"))
        return None
    try:
        return ReadPupil(
            last_name=stored_line(node.value("NOM_DE_FAMILLE")),
            first_name=stored_line(node.value("PRENOM")),
            birth_date=dates.day(node.value("DATE_NAISS")),
            usage_name=stored_line(node.value("NOM_USAGE")),
            class_name=stored_line(classes.get(number, "")),
            mef=stored_line(mef),
            course_title=stored_line(courses.get(mef, "")),
            national_id=stored_line(node.value("ID_NATIONAL") or node.value("INE_RNIE")),
            apprentice=node.value("CODE_STATUT") == _APPRENTICE,
            left_on=dates.day(left) if left else None,
            guardians=people.of(number),
            file=file,
            line=node.line,
        )
    except ValueError as error:
        into.faults.append(Fault(file, node.line, f"{error}".rstrip(".")))
        return None
