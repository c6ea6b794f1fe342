"""The checks of a sealed PDF that need nothing but its bytes: each returns why it passes, or raises Wrong."""

import hashlib
import re

from cryptography.x509.oid import NameOID

from pfmp_saas.documents.sealing.names import CERTIFICATION, SEAL_CAPACITY, shortened
from pfmp_saas.evidence.verify.file.acts import check_acts
from pfmp_saas.evidence.verify.file.carried import carried_seen, carrying
from pfmp_saas.evidence.verify.file.changes import check_modifications
from pfmp_saas.evidence.verify.file.document import CERTIFIED, Document, Signature, entry_of
from pfmp_saas.evidence.verify.file.frozen import check_frozen
from pfmp_saas.evidence.verify.file.paper import paper_seen, vouching
from pfmp_saas.evidence.verify.file.sealed_file import SealedFile, signature_count, some_signatures
from pfmp_saas.evidence.verify.file.signature import hole
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.trust import named, school_number

_REVISION_END = re.compile(rb"startxref\s{1,4}(\d{1,10})\s{1,4}%%EOF\s{0,2}\Z")
_FORM_FILLING = 2  # DocMDP level


def certified_once(file: SealedFile) -> str:
    """Check that the first signature certifies the document for form filling at most, over the rendering it names."""
    document = file.document
    statement = document.statement
    first = document.signatures[0] if document.signatures else None
    if first is None or first.field != CERTIFICATION or first.revision != CERTIFIED:
        raise Wrong("la certification de l’établissement manque ou n’est pas la première signature")
    certified = document.revision(CERTIFIED).root["/Perms"].raw_get("/DocMDP")
    references = [each.get_object() for each in first.value["/Reference"]]
    levels = [each["/TransformParams"]["/P"] for each in references if each["/TransformMethod"] == "/DocMDP"]
    if certified.idnum != first.value_id or len(levels) != 1 or not 1 <= levels[0] <= _FORM_FILLING:
        raise Wrong("la certification permet plus que de remplir les champs de signature")
    if CERTIFICATION in file.altered:
        raise Wrong(file.altered[CERTIFICATION])
    rendering = document.pdf[: statement.rendering_bytes]
    if hashlib.sha256(rendering).hexdigest() != statement.rendering_sha256:
        raise Wrong("le document figé n’est pas celui que la certification désigne")
    return f"document figé par {statement.school}, seules les signatures pouvaient s’y ajouter"


def expected_signatures(file: SealedFile) -> str:
    """Check that every field of the certified revision is filled, and no other exists."""
    expected = file.document.statement.expected
    filled = [act.field for act in file.document.acts]
    missing = [capacity for field, capacity in expected.items() if field not in filled]
    tally = f"{signature_count(len(expected) - len(missing))} sur {len(expected)}"
    if missing:
        raise Wrong(f"{tally} : il manque {', '.join(missing)}")
    if len(filled) != len(expected) or set(filled) != set(expected):
        raise Wrong("le document porte une signature que l’établissement n’attendait pas")
    if file.given.expect is not None and file.given.expect != len(filled):
        raise Wrong(f"{tally}, alors que {file.given.expect} étaient attendues")
    return tally


def signatures_intact(file: SealedFile) -> str:
    """Check that each signature's digest and value match the bytes that it covers."""
    some_signatures(file)
    for why in file.altered.values():
        raise Wrong(why)
    return "aucun octet signé n’a changé"


def all_covered(file: SealedFile) -> str:
    """Check that each signature covers its whole revision from the first byte, and the last one the whole file."""
    document = file.document
    signatures = some_signatures(file)
    for position, signature in enumerate(signatures):
        hole(document.pdf, signature)
        end = _REVISION_END.search(document.pdf, max(0, signature.end - 64), signature.end)
        revision = CERTIFIED + position
        if signature.revision != revision or not end or int(end[1]) != document.tables[revision]:
            raise Wrong(f"la signature « {signature.label} » ne couvre pas toute sa révision")
        if revision + 1 < len(document.tables):
            _check_follows(document, revision + 1, signature.end)
    if signatures[-1].end != len(document.pdf):
        raise Wrong("des octets suivent la dernière signature : elle ne couvre pas tout le fichier")
    return "la dernière signature couvre tout le fichier"


def _check_follows(document: Document, revision: int, start: int) -> None:
    """Check that a revision's objects stand after the end of the one before: none is an older one brought back."""
    offsets = [offset for _, offset in document.reader.xrefs.get_xref_data(revision).standard_xrefs.values()]
    if not offsets or min(offsets) < start:
        raise Wrong(f"la révision {revision} fait reparaître un objet plus ancien")


def nothing_else_changed(file: SealedFile) -> str:
    check_modifications(file.document)
    return "rien n’a changé depuis la certification, hors les signatures"


def every_byte(file: SealedFile) -> str:
    """Check that every byte belongs to an object that its revision's table names, or to that table."""
    return f"chaque octet a sa place, en {len(file.sections)} révisions"


def drawn_as_signed(file: SealedFile) -> str:
    """Check that each act added, to the byte, what the service writes for its certificate and its event."""
    check_acts(file, file.sections)
    return "chaque signature est dessinée et écrite comme son certificat le veut"


def nothing_active(file: SealedFile) -> str:
    """Check that the frozen document holds what the renderer writes, and nothing else."""
    check_frozen(file.sections)
    return "aucun élément actif, masqué ou joint"


def names_and_capacities(file: SealedFile) -> str:
    """Check that each certificate carries its field's capacity and the school's number, and that the seal is the school's."""
    statement = file.document.statement
    expected = statement.expected | {CERTIFICATION: SEAL_CAPACITY}
    some_signatures(file)
    for signature in file.document.certified:
        certificate = file.signed[signature.field].signer
        name = named(certificate, NameOID.COMMON_NAME)
        if named(certificate, NameOID.TITLE) != _title(file, signature, expected.get(signature.field, "")):
            raise Wrong(f"{name} n’a pas signé en la qualité attendue dans « {signature.label} »")
        if school_number(certificate) != statement.tenant:
            raise Wrong(f"le certificat de {name} a été délivré pour un autre établissement")
        if not name or name != shortened(str(entry_of(signature.value, "/Name", ""))):
            raise Wrong(f"le nom affiché dans « {signature.label} » n’est pas celui du certificat")
    return f"chacun a signé en sa qualité, pour l’établissement {statement.tenant}"


def _title(file: SealedFile, signature: Signature, capacity: str) -> str:
    """Return the title that a field's certificate must carry: the capacity, that of a voucher for a paper signature, or of one carried over."""
    if signature.field == CERTIFICATION:
        return shortened(capacity)
    if paper_seen(file, signature):
        return vouching(capacity)
    return carrying(capacity) if carried_seen(file, signature) else shortened(capacity)
