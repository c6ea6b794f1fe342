"""Freezing: all signature fields, then the school's certification, in one revision on top of the rendering."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers.cms_embedder import SigMDPSetup

from pfmp_saas.documents.sealing import font
from pfmp_saas.documents.sealing.authority import OneTimeKey
from pfmp_saas.documents.sealing.names import CERTIFICATION, CLOSING, FIELD_LABEL, FONT_KEY, STATEMENT_KEY
from pfmp_saas.documents.sealing.objects import (
    Dictionary,
    Reference,
    array,
    dictionary,
    integer,
    name,
    points,
    stream,
    text,
)
from pfmp_saas.documents.sealing.values import FieldPlace, SealingError, Subject, statement
from pfmp_saas.documents.sealing.writer import QuietWriter, fill, open_for_update, signature_object

_PRINTED_AND_LOCKED = 132  # annotation flags 3 (print) and 8 (locked)
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_SIGNATURES_EXIST_APPEND_ONLY = 3  # /SigFlags


def certify(
    pdf: bytes,
    places: Sequence[FieldPlace],
    seal: OneTimeKey,
    about: Subject,
    *,
    now: datetime,
    reason: str = "Document figé avant signature",
    location: str | None = None,
    timestamped: bool = False,
) -> bytes:
    """Add the empty fields, the statement of what is expected, and a certification that allows form filling only.

    ``pdf`` is the unsigned rendering, kept byte for byte at the start of what is returned; ``now`` is UTC.
    ``timestamped`` promises an authority's time on every act, and keeps the place of the closing.
    Raises SealingError for an unreadable file, an unknown page, or names that collide.
    """
    _check(places)
    update = open_for_update(pdf)
    signature = signature_object(seal, now, about.school, reason, location)
    value = update.add_object(signature)
    certification = _field(CERTIFICATION, _NOWHERE, None)
    certification[name("/V")] = value
    hidden = [certification, *([_field(CLOSING, _NOWHERE, None)] if timestamped else [])]
    fields = [_place(update, field, 0) for field in hidden]
    fields += [_place(update, _field(place.name, place.box, place.capacity), place.page) for place in places]
    stated = statement(
        about, hashlib.sha256(pdf).hexdigest(), len(pdf), tuple(places), timestamped=timestamped
    )
    _catalogue(update, fields, stated)
    if timestamped:
        _keep_validation_data(update)
    certifies: Any = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS)
    certifies.apply(value, update)
    return fill(update, signature, seal)


def _check(places: Sequence[FieldPlace]) -> None:
    names = [CERTIFICATION, CLOSING, *(place.name for place in places)]
    if len(set(names)) != len(names) or any("." in each or not each for each in names):
        raise SealingError("les noms des champs de signature doivent être différents, et sans point")


def _field(place_name: str, box: tuple[float, float, float, float], capacity: str | None) -> Dictionary:
    entries = {
        "/Type": name("/Annot"),
        "/Subtype": name("/Widget"),
        "/FT": name("/Sig"),
        "/T": text(place_name),
        "/F": integer(_PRINTED_AND_LOCKED),
        "/Rect": points(box),
    }
    return dictionary(entries | ({"/TU": text(FIELD_LABEL + capacity)} if capacity else {}))


def _place(update: QuietWriter, field: Dictionary, page: int) -> Reference:
    if page < 0:  # pyHanko would count from the end
        raise SealingError("le numéro d’une page ne peut pas être négatif")
    try:
        page_reference, _ = update.untyped.find_page_for_modification(page)
    except (ValueError, IndexError, PdfError) as error:
        raise SealingError(f"le document n’a pas de page {page + 1}") from error
    field[name("/P")] = page_reference
    added = update.add_object(field)
    update.untyped.register_annotation(page_reference, added)
    return added


def _catalogue(update: QuietWriter, fields: list[Reference], stated: bytes) -> None:
    root = update.root
    if "/AcroForm" in root:
        raise SealingError("le document porte déjà un formulaire")
    form = {
        "/Fields": array(fields),
        "/SigFlags": integer(_SIGNATURES_EXIST_APPEND_ONLY),
        "/DR": dictionary({"/Font": dictionary({FONT_KEY: font.embed(update)})}),
    }
    root[name("/AcroForm")] = update.add_object(dictionary(form))
    root[name(STATEMENT_KEY)] = update.add_object(stream(stated))
    update.untyped.update_root()


def _keep_validation_data(update: QuietWriter) -> None:
    """Reserve the place of what the closing will add, so that it changes nothing else."""
    level = {"/BaseVersion": name("/1.7"), "/ExtensionLevel": integer(5)}  # ISO 32000-2 in an older file
    update.root[name("/Extensions")] = dictionary({"/ESIC": dictionary(level)})
    update.root[name("/DSS")] = update.add_object(dictionary({"/Type": name("/DSS")}))
    update.untyped.update_root()
