"""Blocks of a convention type as read from its folder: frozen templates whose text may hold ``{placeholders}``."""

from dataclasses import dataclass
from typing import TypeAlias

STATUTORY = "model"
OURS = "pfmp"


@dataclass(frozen=True)
class TextT:
    """A paragraph in the small Markdown of types: ``**bold**``, ``*italic*``, ``\\*`` for a star.

    ``when`` is a condition of :mod:`pfmp_saas.types.conditions`, or "" to print it always.
    """

    text: str
    style: str = "body"
    origin: str = STATUTORY
    when: str = ""


@dataclass(frozen=True)
class BulletsT:
    """A list written in an article; ``when`` as for a paragraph."""

    items: tuple[str, ...]
    origin: str = STATUTORY
    when: str = ""


@dataclass(frozen=True)
class FieldT:
    """A label, the template of its value, and words printed after the value even when it is blank."""

    label: str
    value: str
    suffix: str = ""
    wide: bool = False
    origin: str = STATUTORY


@dataclass(frozen=True)
class FieldsT:
    """Fields laid out so many to a row."""

    items: tuple[FieldT, ...]
    columns: int = 2


@dataclass(frozen=True)
class TickT:
    """A box ticked when the placeholder ``when`` is filled, or says exactly ``equals`` when that is given."""

    text: str
    when: str
    equals: str = ""
    origin: str = STATUTORY


@dataclass(frozen=True)
class TicksT:
    """Boxes to tick, so many to a row."""

    items: tuple[TickT, ...]
    columns: int = 4


@dataclass(frozen=True)
class HeadingT:
    """A heading inside a part."""

    text: str
    level: int = 2
    origin: str = STATUTORY


@dataclass(frozen=True)
class AnswerT:
    """A free text given by the school; blank, it leaves ruled lines."""

    value: str
    origin: str = STATUTORY


@dataclass(frozen=True)
class ListT:
    """A list of the convention's data: ``objectives`` or ``activities``."""

    source: str
    origin: str = STATUTORY


@dataclass(frozen=True)
class PeriodsT:
    """The dates of each period, with the model's own words for "from" and "to"."""

    start: str
    end: str
    joiner: str = ""


@dataclass(frozen=True)
class TimetableT:
    """The usual week. ``added_days`` are rows that the model forgot and the law asks for."""

    columns: tuple[str, ...]
    days: tuple[str, ...]
    added_days: tuple[str, ...] = ()
    limit: str = ""
    total_label: str = ""
    total_limit: str = ""


@dataclass(frozen=True)
class DatedHoursT:
    """Hours of particular dates, printed only when there are some."""

    label: str
    origin: str = OURS


@dataclass(frozen=True)
class WorksT:
    """The regulated works of the convention, by their D. 4153 number."""

    origin: str = STATUTORY


@dataclass(frozen=True)
class PanelT:
    """A titled block."""

    title: str
    blocks: "tuple[BlockT, ...]"


@dataclass(frozen=True)
class SignaturesT:
    """Where the parties sign."""

    title: str


BlockT: TypeAlias = (
    TextT | BulletsT | FieldsT | TicksT | HeadingT | AnswerT | ListT | PeriodsT | TimetableT
    | DatedHoursT | WorksT | PanelT | SignaturesT
)  # fmt: skip
