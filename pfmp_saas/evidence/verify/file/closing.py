"""The check of the closing revision: validation data in their reserved place, and a document timestamp over everything."""

from typing import Any

from cryptography import x509
from pyhanko.pdf_utils import generic

from pfmp_saas.evidence.verify.file.compare import check_trailer, object_of, plain_entry, size_of
from pfmp_saas.evidence.verify.file.document import CERTIFIED, Document, Signature, entry_of
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.trust import read_certificate

_STAMP_KEYS = {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M"}
_STORE_KEYS = {"/Type", "/Certs", "/CRLs"}
_MAX_STORED = 200


def check_closing(document: Document, closing: Signature) -> None:
    """Check that the closing filled its own field and the validation data, and nothing else; raises Wrong."""
    old, new = document.revision(closing.revision - 1), document.revision(closing.revision)
    store = document.revision(CERTIFIED).root.raw_get("/DSS").idnum
    stored = _stored(new)
    touched = {reference.idnum for reference in new.explicit_refs_in_revision()}
    if touched != {closing.field_id, closing.value_id, store, *stored}:
        raise Wrong("la clôture a modifié autre chose que les données de vérification")
    if any(number < size_of(old) for number in (closing.value_id, *stored)):
        raise Wrong("la clôture remplace un objet du document")
    before, after = object_of(old, closing.field_id), object_of(new, closing.field_id)
    same = all(plain_entry(before, key) == plain_entry(after, key) for key in before)
    if not same or set(after) != {*before, "/V"} or not set(object_of(new, store)) <= _STORE_KEYS:
        raise Wrong("la clôture a modifié autre chose que son champ")
    if any(set(object_of(new, number)) != {"/Length"} for number in stored):
        raise Wrong("les données de vérification portent des entrées inattendues")
    _check_stamp_value(closing)
    check_trailer(old, new, closing)


def _check_stamp_value(closing: Signature) -> None:
    kinds = (entry_of(closing.value, "/Type"), entry_of(closing.value, "/SubFilter"))
    if not set(closing.value) <= _STAMP_KEYS or kinds != ("/DocTimeStamp", "/ETSI.RFC3161"):
        raise Wrong("la clôture n’est pas un horodatage de document")


def _stored(revision: Any) -> set[int]:
    """Return the numbers of the objects that the validation data hold."""
    store = revision.root["/DSS"]
    entries = [entry_of(store, key, []) for key in ("/Certs", "/CRLs")]
    references = [entry.raw_get(index) for entry in entries for index in range(len(entry))]
    if len(references) > _MAX_STORED or not all(
        isinstance(entry, generic.IndirectObject) for entry in references
    ):
        raise Wrong("les données de vérification n’ont pas la forme attendue")
    return {entry.idnum for entry in references}


def validation_certificates(document: Document) -> set[x509.Certificate]:
    """Return the certificates stored in the file at its closing."""
    certificates = entry_of(document.reader.root["/DSS"], "/Certs", [])
    return {
        read_certificate(certificates[index].data) for index in range(min(len(certificates), _MAX_STORED))
    }
