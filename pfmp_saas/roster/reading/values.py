"""What is read of a school's files: pupils, their legal guardians, and why a line is refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from pfmp_saas.core.text import fold


@dataclass(frozen=True)
class Fault:
    """Why a line of a file is refused, in French; line 1 is the file's first."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class Doubt:
    """A value that was read although written otherwise than it should: to be confirmed by a person, in French."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class ReadGuardian:
    """A legal guardian as read; ``key`` tells one person apart where the file names persons."""

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    key: str = ""


@dataclass(frozen=True)
class ReadPupil:
    """A pupil as read; the guardians are the legal ones, whom to call first the first."""

    last_name: str
    first_name: str
    birth_date: date
    usage_name: str = ""
    class_name: str = ""
    mef: str = ""
    diploma: str = ""
    course_title: str = ""
    course_hours: int | None = None
    email: str = ""
    phone: str = ""
    address: str = ""
    medical_opinion_on: date | None = None
    national_id: str = ""
    apprentice: bool = False
    left_on: date | None = None
    guardians: tuple[ReadGuardian, ...] = ()
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def identity(self) -> tuple[str, date]:
        """Return what tells a pupil from another: names as they are compared, and the day of birth."""
        return f"{fold(self.last_name)}\n{fold(self.first_name)}", self.birth_date


@dataclass(frozen=True)
class ReadColumn:
    """A column of a list: its file, its header, its first value, and the field that takes it, "" for none."""

    file: str
    header: str
    sample: str
    field: str


@dataclass(frozen=True)
class Roster:
    """Everything read of a set of files; ``columns_left`` are those that nothing takes, by file.

    ``whole`` says that the files name every pupil of the school, as SIECLE's do.
    """

    pupils: tuple[ReadPupil, ...] = ()
    faults: tuple[Fault, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    columns_left: tuple[tuple[str, str], ...] = ()
    columns: tuple[ReadColumn, ...] = ()
    whole: bool = False

    def kept(self, today: date) -> tuple[ReadPupil, ...]:
        """Return the pupils to keep: neither apprentices nor gone."""
        return tuple(pupil for pupil in self.pupils if not pupil.apprentice and not _gone(pupil, today))

    def left(self, today: date) -> tuple[ReadPupil, ...]:
        """Return those who left the school."""
        return tuple(pupil for pupil in self.pupils if _gone(pupil, today))

    def apprentices(self, today: date) -> tuple[ReadPupil, ...]:
        """Return the apprentices, who have a contract and no convention; those who left are not among them."""
        return tuple(pupil for pupil in self.pupils if pupil.apprentice and not _gone(pupil, today))


def _gone(pupil: ReadPupil, today: date) -> bool:
    return pupil.left_on is not None and pupil.left_on <= today


@dataclass
class Gathering:
    """What several files give together: the same pupil twice is one pupil."""

    pupils: dict[tuple[str, date], ReadPupil] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    columns_left: list[tuple[str, str]] = field(default_factory=list)
    columns: list[ReadColumn] = field(default_factory=list)
    whole: bool = False

    def add(self, pupils: Iterable[ReadPupil]) -> None:
        """Add pupils; where one is known already, what the later line leaves blank stays; two classes are a doubt."""
        for pupil in pupils:
            known = self.pupils.get(pupil.identity)
            if known and known.class_name and pupil.class_name and known.class_name != pupil.class_name:
                reason = (
                    f"{pupil.last_name} {pupil.first_name} est aussi en {known.class_name} "
                    f"({known.file}, ligne {known.line}) : {pupil.class_name} est gardé"
                )
                self.doubts.append(Doubt(pupil.file, pupil.line, reason))
            self.pupils[pupil.identity] = pupil if known is None else _merged(known, pupil)

    def roster(self) -> Roster:
        """Return the whole."""
        ordered = sorted(self.faults, key=lambda fault: (fault.file, fault.line))
        return Roster(
            tuple(self.pupils.values()),
            tuple(ordered),
            tuple(self.doubts),
            tuple(dict.fromkeys(self.columns_left)),
            tuple(self.columns),
            self.whole,
        )


def _merged(known: ReadPupil, later: ReadPupil) -> ReadPupil:
    filled = {name: value for name, value in vars(later).items() if value}
    return replace(known, **filled)
