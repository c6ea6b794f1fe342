"""Reading a sealed file: its revisions, its statement, its signatures in the order they were made."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError

from pfmp_saas.documents.sealing.names import (
    CERTIFICATION,
    CLOSING,
    FIELD_LABEL,
    STATEMENT_KEY,
    STATEMENT_SCHEMA,
)
from pfmp_saas.evidence.verify.file.reader import BoundedReader
from pfmp_saas.evidence.verify.file.structure import table_offsets
from pfmp_saas.evidence.verify.report import Unreadable, Wrong

CERTIFIED = 1  # revision 0 is the rendering, 1 the certification, then one revision for each signature
_MAX_FIELDS = 100
_MAX_STATEMENT = 64 * 1024


@dataclass(frozen=True)
class Statement:
    """The statement inside the certified bytes; ``expected`` maps each field to its capacity, in order.

    ``timestamped`` tells whether every act and the closing must carry an authority's time: it was decided at freeze,
    so that taking the timestamps away afterwards shows. ``zone`` is the school's: drawn times are in it.
    """

    tenant: str
    school: str
    subject: str
    kind: str
    rendering_sha256: str
    rendering_bytes: int
    expected: dict[str, str]
    timestamped: bool
    zone: ZoneInfo


@dataclass(frozen=True)
class Signature:
    """One filled signature field; ``revision`` is the one in which its dictionary was last written.

    ``label`` is what to call it in a sentence: the capacity it was placed for, as the file says it.
    """

    field: str
    label: str
    field_id: int
    value_id: int
    value: Any
    revision: int
    field_entry: Any = None

    @cached_property
    def byte_range(self) -> tuple[int, int, int, int]:
        """Return the four numbers of /ByteRange; raises Wrong for anything else."""
        numbers: Any = self.value.raw_get("/ByteRange") if "/ByteRange" in self.value else None
        whole = isinstance(numbers, generic.ArrayObject) and all(
            isinstance(number, generic.NumberObject) and number >= 0 for number in numbers
        )
        if not whole or len(numbers) != 4:
            raise Wrong(f"l’étendue signée du champ « {self.label} » est absurde")
        first, length, second, rest = (int(number) for number in numbers)
        return first, length, second, rest

    @property
    def end(self) -> int:
        """Return the offset of the first byte after what is signed."""
        return self.byte_range[2] + self.byte_range[3]

    @property
    def at(self) -> datetime | None:
        """Return the time that the signature claims (UTC), None if it is unreadable."""
        try:
            return generic.parse_pdf_date(self.value["/M"], strict=True)
        except (KeyError, ValueError, TypeError, PdfError):
            return None


class Document:
    """A file open for verification. Everything is read lazily: any method may raise what pyHanko raises."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self.tables = table_offsets(pdf)
        self.reader: Any = BoundedReader(pdf)
        if self.reader.total_revisions != len(self.tables) or self.reader.has_xref_stream:
            raise Unreadable("les révisions du PDF ne se suivent pas")

    def revision(self, number: int) -> Any:
        """Return the file as it was in one revision."""
        return self.reader.get_historical_resolver(number)

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """Return every filled signature field, the certification included, in the order of the revisions."""
        form = entry_of(self.reader.root, "/AcroForm", {})
        fields = entry_of(form, "/Fields", [])
        if len(fields) > _MAX_FIELDS:
            raise Unreadable("le PDF compte trop de champs")
        filled = [self._signature(fields.raw_get(index)) for index in range(len(fields))]
        return tuple(
            sorted((signature for signature in filled if signature), key=lambda signature: signature.revision)
        )

    def _signature(self, entry: Any) -> Signature | None:
        field: Any = entry.get_object()
        if entry_of(field, "/FT") != "/Sig" or "/V" not in field:
            return None
        value = field.raw_get("/V")
        revision = self.reader.xrefs.get_last_change(value.reference)
        name = _text(field["/T"])
        label = _text(entry_of(field, "/TU", name)).removeprefix(FIELD_LABEL)
        return Signature(name, label, entry.idnum, value.idnum, value.get_object(), revision, field)

    @property
    def acts(self) -> tuple[Signature, ...]:
        """Return the signatures of people: all but the certification and the closing."""
        return tuple(
            signature for signature in self.signatures if signature.field not in {CERTIFICATION, CLOSING}
        )

    @property
    def closing(self) -> Signature | None:
        """Return the document timestamp that closes the file, None without one."""
        return next((signature for signature in self.signatures if signature.field == CLOSING), None)

    @property
    def certified(self) -> tuple[Signature, ...]:
        """Return the signatures made with a certificate: all but the closing."""
        return tuple(signature for signature in self.signatures if signature.field != CLOSING)

    @cached_property
    def statement(self) -> Statement:
        """Return the statement inside the certified bytes; raises Wrong when there is none."""
        if len(self.tables) <= CERTIFIED:
            raise Wrong("ce PDF n’a pas été scellé par le service")
        stream: Any = entry_of(self.revision(CERTIFIED).root, STATEMENT_KEY)
        if not isinstance(stream, generic.StreamObject) or "/Filter" in stream:
            raise Wrong("ce PDF n’a pas été scellé par le service")
        return _read_statement(stream.encoded_data[:_MAX_STATEMENT])


def entry_of(holder: Any, key: str, default: Any = None) -> Any:
    """Return an entry of a PDF dictionary, its reference followed (pyHanko's own ``get`` does not)."""
    return holder[key] if key in holder else default  # noqa: SIM401 - get() follows no reference


def _text(value: Any) -> str:
    """Return a text that any output can encode: half a surrogate pair becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _read_statement(text: bytes) -> Statement:
    try:
        value = json.loads(text)
        if value["schema"] != STATEMENT_SCHEMA:
            raise Wrong("ce PDF a été scellé par une version inconnue du service")
        return Statement(
            tenant=_text(value["tenant"]),
            school=_text(value["school"]),
            subject=_text(value["subject"]),
            kind=_text(value["kind"]),
            rendering_sha256=_text(value["rendering"]["sha256"]),
            rendering_bytes=int(value["rendering"]["bytes"]),
            expected={_text(each["field"]): _text(each["capacity"]) for each in value["signatures"]},
            timestamped=value.get("timestamped", False) is True,
            zone=ZoneInfo(_text(value["timezone"])),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Wrong("la déclaration scellée dans le PDF est illisible") from error
