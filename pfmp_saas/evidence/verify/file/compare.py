"""Values of a PDF in a form that compares by content: one revision against the one before."""

from typing import Any

from pyhanko.pdf_utils import generic

from pfmp_saas.evidence.verify.file.document import Signature
from pfmp_saas.evidence.verify.report import Wrong

_TRAILER_KEYS = {"/Size", "/Prev", "/Root", "/Info", "/ID"}


def reference_in(revision: Any, number: int, generation: int = 0) -> generic.Reference:
    return generic.Reference(number, generation, revision)


def object_of(revision: Any, number: int) -> Any:
    return revision.get_object(reference_in(revision, number))


def size_of(revision: Any) -> int:
    return int(revision.trailer_view["/Size"])


def plain_entry(holder: Any, key: str) -> Any:
    return content_of(holder.raw_get(key)) if key in holder else None


def content_of(value: Any) -> Any:
    """Return a value that compares by content: references by number, streams by their bytes."""
    if isinstance(value, generic.IndirectObject):
        return ("reference", value.idnum)
    if isinstance(value, generic.StreamObject):
        return ({key: content_of(value.raw_get(key)) for key in value}, value.encoded_data)
    if isinstance(value, generic.DictionaryObject):
        return {str(key): content_of(value.raw_get(key)) for key in value}
    if isinstance(value, generic.ArrayObject):
        return [content_of(value.raw_get(index)) for index in range(len(value))]
    return getattr(value, "original_bytes", value)


def check_trailer(old: Any, new: Any, act: Signature) -> None:
    before, after = old.trailer_view, new.trailer_view
    same = all(plain_entry(before, key) == plain_entry(after, key) for key in ("/Root", "/Info"))
    if not set(after) <= _TRAILER_KEYS or not same:
        raise Wrong(f"la révision qui porte la signature « {act.label} » a remplacé la racine du document")
