"""The checks of what each revision changed: a signature may fill its own field, and nothing else may move.

Our own comparison is stricter than any viewer's: after certification a revision may hold exactly three objects,
the field that receives its value and appearance, the signature dictionary, and the appearance. `acts` then holds
every byte of it.
"""

from typing import Any

from pyhanko.pdf_utils import generic

from pfmp_saas.documents.sealing.names import FONT_KEY
from pfmp_saas.evidence.verify.file.closing import check_closing
from pfmp_saas.evidence.verify.file.compare import (
    check_trailer,
    content_of,
    object_of,
    plain_entry,
    size_of,
)
from pfmp_saas.evidence.verify.file.document import CERTIFIED, Document, Signature, entry_of
from pfmp_saas.evidence.verify.report import Wrong

_FILLED = {"/V", "/AP"}
_SIGNATURE_KEYS = {
    "/Type",
    "/Filter",
    "/SubFilter",
    "/M",
    "/Name",
    "/Reason",
    "/Location",
    "/Contents",
    "/ByteRange",
}
_FORM_KEYS = {"/Type", "/Subtype", "/BBox", "/Resources", "/Length"}


def check_modifications(document: Document) -> None:
    """Check every revision after the certified one; raises Wrong naming the first that changed something else."""
    acts = {act.revision: act for act in document.acts}
    closing, last = document.closing, len(document.tables) - 1
    for number in range(CERTIFIED + 1, len(document.tables)):
        if closing and closing.revision == number == last:
            check_closing(document, closing)
            continue
        act = acts.get(number)
        if act is None:
            raise Wrong(f"la révision {number} a modifié le document sans être une signature attendue")
        _check_act(document, act)


def _check_act(document: Document, act: Signature) -> None:
    old, new = document.revision(act.revision - 1), document.revision(act.revision)
    before, after = (object_of(revision, act.field_id) for revision in (old, new))
    drawn = after["/AP"].raw_get("/N") if set(entry_of(after, "/AP", {})) == {"/N"} else None
    if not isinstance(drawn, generic.IndirectObject):
        raise Wrong(f"l’apparence de la signature « {act.label} » n’a pas la forme attendue")
    touched = {reference.idnum for reference in new.explicit_refs_in_revision()}
    if touched != {act.field_id, act.value_id, drawn.idnum}:
        raise Wrong(f"la révision qui porte la signature « {act.label} » a modifié autre chose que son champ")
    other_keys = {key for key in before if key not in _FILLED}
    if (
        other_keys != set(before)
        or other_keys != set(after) - _FILLED
        or any(plain_entry(before, k) != plain_entry(after, k) for k in other_keys)
    ):
        raise Wrong(f"le champ « {act.label} » a été déplacé ou modifié")
    if any(number < size_of(old) for number in (act.value_id, drawn.idnum)):
        raise Wrong(f"la signature « {act.label} » remplace un objet du document")
    _check_value(act)
    _check_form(document, act, object_of(new, drawn.idnum), after)
    check_trailer(old, new, act)


def _check_value(act: Signature) -> None:
    if not set(act.value) <= _SIGNATURE_KEYS or entry_of(act.value, "/SubFilter") != "/ETSI.CAdES.detached":
        raise Wrong(f"la signature « {act.label} » porte des entrées inattendues")


def _check_form(document: Document, act: Signature, form: Any, field: Any) -> None:
    font = document.revision(CERTIFIED).root["/AcroForm"]["/DR"]["/Font"].raw_get(FONT_KEY)
    left, bottom, right, top = (float(side) for side in field["/Rect"])
    expected = [0.0, 0.0, round(right - left, 2), round(top - bottom, 2)]
    box = [round(float(side), 2) for side in form["/BBox"]]
    resources = {"/Font": {"/F": ("reference", font.idnum)}}
    if set(form) != _FORM_KEYS or box != expected or content_of(form["/Resources"]) != resources:
        raise Wrong(f"l’apparence de la signature « {act.label} » n’a pas la forme attendue")
