"""Freezing: all signature fields, then the school's certification, in one revision on top of the rendering."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers.cms_embedder import SigMDPSetup

from pfmp_saas.documents.sealing import font, writer
from pfmp_saas.documents.sealing.authority import OneTimeKey
from pfmp_saas.documents.sealing.values import CERTIFICATION, FieldPlace, SealingError, Subject, statement

_PRINTED_AND_LOCKED = 132  # annotation flags 3 (print) and 8 (locked)
_SIGNATURES_EXIST_APPEND_ONLY = 3  # /SigFlags
STATEMENT_KEY = "/PFMP"
FONT_KEY = "/PFMP"


def certify(
    pdf: bytes,
    places: Sequence[FieldPlace],
    seal: OneTimeKey,
    about: Subject,
    *,
    now: datetime,
    reason: str = "Document figé avant signature",
    location: str | None = None,
) -> bytes:
    """Add the empty fields, the statement of what is expected, and a certification that allows form filling only.

    ``pdf`` is the unsigned rendering, kept byte for byte at the start of what is returned; ``now`` is UTC.
    Raises SealingError for an unreadable file, an unknown page, or names that collide.
    """
    _check(places)
    update = writer.open_for_update(pdf)
    signature = writer.signature_object(now, about.school, reason, location)
    value = update.add_object(signature)
    certification = _field(CERTIFICATION, (0, 0, 0, 0), None)
    certification[pdf_name("/V")] = value
    fields = [_place(update, certification, 0)]
    fields += [_place(update, _field(place.name, place.box, place.capacity), place.page) for place in places]
    _catalogue(update, fields, statement(about, hashlib.sha256(pdf).hexdigest(), len(pdf), tuple(places)))
    SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS).apply(value, update)
    return writer.fill(update, signature, seal)


def _check(places: Sequence[FieldPlace]) -> None:
    names = [CERTIFICATION, *(place.name for place in places)]
    if len(set(names)) != len(names) or any("." in name or not name for name in names):
        raise SealingError("les noms des champs de signature doivent être différents, et sans point")


def _field(name: str, box: tuple[float, float, float, float], capacity: str | None) -> generic.DictionaryObject:
    entries = {
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/FT"): pdf_name("/Sig"),
        pdf_name("/T"): generic.pdf_string(name),
        pdf_name("/F"): generic.NumberObject(_PRINTED_AND_LOCKED),
        pdf_name("/Rect"): generic.ArrayObject([generic.FloatObject(round(side, 2)) for side in box]),
    }
    if capacity:
        entries[pdf_name("/TU")] = generic.pdf_string(f"Signature : {capacity}")
    return generic.DictionaryObject(entries)


def _place(update: writer.QuietWriter, field: generic.DictionaryObject, page: int) -> generic.IndirectObject:
    try:
        page_reference, _ = update.find_page_for_modification(page)
    except (ValueError, IndexError) as error:
        raise SealingError(f"le document n’a pas de page {page + 1}") from error
    field[pdf_name("/P")] = page_reference
    added = update.add_object(field)
    update.register_annotation(page_reference, added)
    return added


def _catalogue(update: writer.QuietWriter, fields: list[generic.IndirectObject], stated: bytes) -> None:
    fonts = generic.DictionaryObject({pdf_name(FONT_KEY): font.embed(update)})
    form = generic.DictionaryObject(
        {
            pdf_name("/Fields"): generic.ArrayObject(fields),
            pdf_name("/SigFlags"): generic.NumberObject(_SIGNATURES_EXIST_APPEND_ONLY),
            pdf_name("/DR"): generic.DictionaryObject({pdf_name("/Font"): fonts}),
        }
    )
    if "/AcroForm" in update.root:
        raise SealingError("le document porte déjà un formulaire")
    update.root[pdf_name("/AcroForm")] = update.add_object(form)
    update.root[pdf_name(STATEMENT_KEY)] = update.add_object(generic.StreamObject(stream_data=stated))
    update.update_root()
