"""PDF objects from plain values. pyHanko's constructors carry no types: these functions give them some."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, cast

from pyhanko.pdf_utils import generic

_untyped: Any = generic

Dictionary = generic.DictionaryObject
Reference = generic.IndirectObject


def name(text: str) -> generic.NameObject:
    """Return a name; ``text`` begins with a slash."""
    return generic.pdf_name(text)


def text(words: str) -> generic.PdfObject:
    """Return a text string."""
    return cast("generic.PdfObject", _untyped.pdf_string(words))


def written(words: str) -> bytes:
    """Return a text string as it stands in a file."""
    output = BytesIO()
    text(words).write_to_stream(output)
    return output.getvalue()


def reference(number: int) -> Reference:
    """Return the reference of the object of that number."""
    return cast("Reference", _untyped.IndirectObject(number, 0, None))


def integer(value: int) -> generic.PdfObject:
    """Return an integer."""
    return cast("generic.PdfObject", _untyped.NumberObject(value))


def integers(values: Iterable[int]) -> generic.PdfObject:
    """Return an array of integers."""
    return array(integer(value) for value in values)


def points(values: Iterable[float]) -> generic.PdfObject:
    """Return an array of lengths in points, kept to the hundredth."""
    return array(_untyped.FloatObject(round(value, 2)) for value in values)


def array(items: Iterable[generic.PdfObject]) -> generic.PdfObject:
    """Return an array."""
    return cast("generic.PdfObject", _untyped.ArrayObject(items))


def dictionary(entries: Mapping[str, generic.PdfObject]) -> Dictionary:
    """Return a dictionary; its keys begin with a slash."""
    named = {name(key): value for key, value in entries.items()}
    return cast("Dictionary", _untyped.DictionaryObject(named))


def stream(
    data: bytes, entries: Mapping[str, generic.PdfObject] | None = None, *, encoded: bool = False
) -> generic.StreamObject:
    """Return a stream; ``encoded`` data are already as the /Filter of ``entries`` says."""
    named = {name(key): value for key, value in (entries or {}).items()}
    if encoded:
        return generic.StreamObject(dict_data=named, encoded_data=data)
    return generic.StreamObject(dict_data=named, stream_data=data)
