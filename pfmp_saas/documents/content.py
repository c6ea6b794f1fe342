"""The input of a renderer: frozen primitives, no law, no database, no clock.

A :class:`Content` says everything that a convention prints, in reading order. The same content always
renders to the same bytes.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style. The text is plain: no mark-up is read in it."""

    text: str
    bold: bool = False
    italic: bool = False


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True)
class Text:
    """A paragraph; ``style`` is ``body``, ``note``, ``lead`` or ``strong``."""

    runs: Runs
    style: str = "body"


@dataclass(frozen=True)
class Bullets:
    """A list, one entry per item; an empty one prints ``blank_lines`` ruled lines to write on."""

    items: tuple[Runs, ...]
    blank_lines: int = 0


@dataclass(frozen=True)
class Field:
    """A label, its value, words after it; an empty value leaves room to write. ``wide`` takes the row."""

    label: str
    value: str
    suffix: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Fields:
    """Fields laid out so many to a row."""

    items: tuple[Field, ...]
    columns: int = 2


@dataclass(frozen=True)
class Tick:
    """A box to tick and what it says."""

    runs: Runs
    checked: bool


@dataclass(frozen=True)
class Ticks:
    """Boxes to tick, so many to a row."""

    items: tuple[Tick, ...]
    columns: int = 4


@dataclass(frozen=True)
class Column:
    """A table column: its title, and its share of the width."""

    title: str
    weight: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table with a header row; ``total`` is a last row in bold, when there is one.

    ``strong_first`` prints the first column in bold; a cell that is ``☐`` is a box to tick, centred.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    strong_first: bool = True


@dataclass(frozen=True)
class Heading:
    """A heading inside a part; level 1 is an article or a section, 2 a sub-section."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Panel:
    """A titled block: one of the parties, for instance."""

    title: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True)
class Signatures:
    """The place where the boxes of :attr:`Content.signers` are drawn; never split over two pages."""

    title: str


Block: TypeAlias = Text | Bullets | Fields | Ticks | Table | Heading | Panel | Signatures


@dataclass(frozen=True)
class Part:
    """A part of the document, with its bookmark.

    ``new_page`` starts it on a new page; ``dense`` prints it smaller, for a model whose front page is full.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    new_page: bool = False
    show_title: bool = True
    dense: bool = False


@dataclass(frozen=True)
class SignerPlace:
    """A person who is to sign: ``name`` is the PDF field's name, ``label`` the capacity, as printed."""

    name: str
    label: str
    person: str


@dataclass(frozen=True)
class Letterhead:
    """The head of a school’s paper, above its name: a logo (PNG, or none) and a few lines."""

    logo: bytes = b""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """A whole document. ``band`` is the school's name, then its address lines."""

    title: str
    author: str
    band: tuple[str, ...]
    heading: str
    subheading: str
    running: str
    footer: str
    parts: tuple[Part, ...]
    signers: tuple[SignerPlace, ...]
    letterhead: Letterhead = Letterhead()


@dataclass(frozen=True)
class AttestationContent:
    """A one-page attestation (education code, D124-9), signed by one person of the host."""

    title: str
    author: str
    band: tuple[str, ...]
    heading: str
    subheading: str
    footer: str
    blocks: tuple[Block, ...]
    signer: SignerPlace
    letterhead: Letterhead = Letterhead()


@dataclass(frozen=True)
class SignaturePlace:
    """The place of a signature: page counted from 0, corners in PDF points from the bottom left."""

    name: str
    page: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Rendered:
    """A PDF and the places kept in it for signatures; ``version`` is the renderer's, where one was asked for by version."""

    pdf: bytes
    places: tuple[SignaturePlace, ...]
    version: str = ""
