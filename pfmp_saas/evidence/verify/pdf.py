"""The verdict on one PDF: every check has a name, runs whatever the others found, and says why in French."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509
from cryptography.x509.oid import NameOID

from pfmp_saas.documents.sealing.cms import der
from pfmp_saas.documents.sealing.shape import CERTIFICATION, SEAL_CAPACITY, shortened
from pfmp_saas.evidence.verify.document import CERTIFIED, Document, Signature, entry_of
from pfmp_saas.evidence.verify.intact import Signed, check_intact, hole, read_cms
from pfmp_saas.evidence.verify.report import Check, Report, SignerSeen, Unreadable, Wrong
from pfmp_saas.evidence.verify.revisions import check_modifications, check_still
from pfmp_saas.evidence.verify.trust import BadRoot, check_trust, load_roots, named, school_number

_REVISION_END = re.compile(rb"startxref\s{1,4}(\d{1,10})\s{1,4}%%EOF\s{0,2}\Z")
_FORM_FILLING = 2  # DocMDP level


@dataclass(frozen=True)
class _Case:
    """One verification: the file, what the reader trusts, the time, the number of signatures asked for."""

    document: Document
    trust: tuple[bytes, ...]
    now: datetime
    expect: int | None

    @cached_property
    def signed(self) -> dict[str, Signed]:
        """The CMS of each signature, unjudged; raises Wrong when one can't be read."""
        return {each.field: read_cms(self.document.pdf, each) for each in self.document.signatures}

    @cached_property
    def altered(self) -> dict[str, str]:
        """Why each signature that is not intact is not, by field."""
        found = {}
        for each in self.document.signatures:
            try:
                check_intact(self.document.pdf, each)
            except Wrong as wrong:
                found[each.field] = str(wrong)
        return found


def verify_pdf(pdf: bytes, *, trust: Sequence[bytes], now: datetime, expect: int | None = None) -> Report:
    """Judge a file offline.

    ``trust`` holds root certificates in PEM; ``now`` is UTC; ``expect`` is the number of people's signatures that
    the reader knows should be there (the file states its own otherwise). Never raises for what the file holds.
    """
    fingerprint = hashlib.sha256(pdf).hexdigest()
    try:
        document = Document(pdf)
        case = _Case(document, tuple(trust), now, expect)
        count = len(document.signatures)
    except Unreadable as error:
        return Report((Check("readable", ok=False, reason=str(error)),), fingerprint)
    except Exception:  # noqa: BLE001 - hostile bytes: whatever a parser raises is a verdict, never a traceback
        return Report((Check("readable", ok=False, reason="la structure du PDF est illisible"),), fingerprint)
    read = Check("readable", ok=True, reason=f"PDF lu : {_counted(count)}, certification comprise")
    checks = (read, *(_run(name, check, case) for name, check in _CHECKS))
    return _report(case, checks, fingerprint)


def _run(name: str, check: Callable[[_Case], str], case: _Case) -> Check:
    try:
        return Check(name, ok=True, reason=check(case))
    except (Wrong, Unreadable, BadRoot) as found:
        return Check(name, ok=False, reason=str(found))
    except Exception:  # noqa: BLE001 - as above
        return Check(name, ok=False, reason="la structure du PDF est inattendue")


def _certification(case: _Case) -> str:
    """The first signature certifies the document for form filling at most, over the rendering it names."""
    document = case.document
    statement = document.statement
    first = document.signatures[0] if document.signatures else None
    if first is None or first.field != CERTIFICATION or first.revision != CERTIFIED:
        raise Wrong("la certification de l’établissement manque ou n’est pas la première signature")
    certified = document.revision(CERTIFIED).root["/Perms"].raw_get("/DocMDP")
    references = [each.get_object() for each in first.value["/Reference"]]
    levels = [each["/TransformParams"]["/P"] for each in references if each["/TransformMethod"] == "/DocMDP"]
    if certified.idnum != first.value_id or len(levels) != 1 or not 1 <= levels[0] <= _FORM_FILLING:
        raise Wrong("la certification permet plus que de remplir les champs de signature")
    if CERTIFICATION in case.altered:
        raise Wrong(case.altered[CERTIFICATION])
    rendering = document.pdf[: statement.rendering_bytes]
    if hashlib.sha256(rendering).hexdigest() != statement.rendering_sha256:
        raise Wrong("le document figé n’est pas celui que la certification désigne")
    return f"document figé par {statement.school}, seules les signatures pouvaient s’y ajouter"


def _expected(case: _Case) -> str:
    """Every field of the certified revision is filled, and no other exists."""
    expected = case.document.statement.expected
    filled = [act.field for act in case.document.acts]
    missing = [capacity for field, capacity in expected.items() if field not in filled]
    tally = f"{_counted(len(expected) - len(missing))} sur {len(expected)}"
    if missing:
        raise Wrong(f"{tally} : il manque {', '.join(missing)}")
    if len(filled) != len(expected) or set(filled) != set(expected):
        raise Wrong("le document porte une signature que l’établissement n’attendait pas")
    if case.expect is not None and case.expect != len(filled):
        raise Wrong(f"{tally}, alors que {case.expect} étaient attendues")
    return tally


def _intact(case: _Case) -> str:
    """Each signature's digest and value match the bytes that it covers."""
    _some(case)
    for why in case.altered.values():
        raise Wrong(why)
    return "aucun octet signé n’a changé"


def _coverage(case: _Case) -> str:
    """Each signature covers its whole revision from the first byte, and the last one the whole file."""
    document = case.document
    signatures = _some(case)
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
    """The objects of a revision stand after the end of the one before: none is an older one brought back."""
    offsets = [offset for _, offset in document.reader.xrefs.get_xref_data(revision).standard_xrefs.values()]
    if not offsets or min(offsets) < start:
        raise Wrong(f"la révision {revision} fait reparaître un objet plus ancien")


def _modifications(case: _Case) -> str:
    check_modifications(case.document)
    return "rien n’a changé depuis la certification, hors les signatures"


def _still(case: _Case) -> str:
    check_still(case.document)
    return "aucun élément actif, masqué ou joint"


def _identity(case: _Case) -> str:
    """Each certificate carries its field's capacity and the school's number; the seal is the school's."""
    statement = case.document.statement
    expected = statement.expected | {CERTIFICATION: SEAL_CAPACITY}
    for signature in _some(case):
        certificate = case.signed[signature.field].signer
        name = named(certificate, NameOID.COMMON_NAME)
        if named(certificate, NameOID.TITLE) != shortened(expected.get(signature.field, "")):
            raise Wrong(f"{name} n’a pas signé en la qualité attendue dans « {signature.label} »")
        if school_number(certificate) != statement.tenant:
            raise Wrong(f"le certificat de {name} a été délivré pour un autre établissement")
        if not name or name != shortened(str(entry_of(signature.value, "/Name", ""))):
            raise Wrong(f"le nom affiché dans « {signature.label} » n’est pas celui du certificat")
    return f"chacun a signé en sa qualité, pour l’établissement {statement.tenant}"


def _trust(case: _Case) -> str:
    """Each certificate goes back to a root that the reader gave."""
    roots: tuple[x509.Certificate, ...] = tuple(root for pem in case.trust for root in load_roots(pem))
    if not roots:
        raise Wrong("aucune racine de confiance fournie (--trust)")
    tenant = case.document.statement.tenant
    for signature in _some(case):
        check_trust(case.signed[signature.field], roots, at=signature.at, now=case.now, tenant=tenant)
    return "tous les certificats remontent à la racine de confiance"


def _timestamps(case: _Case) -> str:
    """Times are the service's own until a timestamp authority is configured: said, not judged."""
    _some(case)
    return "dates données par le service, sans horodatage qualifié (PAdES B-B)"


def _counted(signatures: int) -> str:
    return f"{signatures} signature{'s' if signatures > 1 else ''}"


def _some(case: _Case) -> tuple[Signature, ...]:
    if not case.document.signatures:
        raise Wrong("le document ne porte aucune signature")
    return case.document.signatures


_CHECKS: tuple[tuple[str, Callable[[_Case], str]], ...] = (
    ("certification", _certification),
    ("expected-signatures", _expected),
    ("signatures-intact", _intact),
    ("coverage", _coverage),
    ("modifications", _modifications),
    ("active-content", _still),
    ("identity", _identity),
    ("trust", _trust),
    ("timestamps", _timestamps),
)


def _report(case: _Case, checks: tuple[Check, ...], fingerprint: str) -> Report:
    signers = tuple(seen for act in case.document.acts if (seen := _seen(case, act)))
    try:
        statement = case.document.statement
        frozen = case.document.pdf[: case.document.signatures[0].end]
    except Exception:  # noqa: BLE001 - as above: the checks have already said so
        return Report(checks, fingerprint, signers)
    return Report(
        checks,
        fingerprint,
        signers,
        statement.school,
        statement.tenant,
        statement.subject,
        statement.kind,
        hashlib.sha256(frozen).hexdigest(),
    )


def _seen(case: _Case, act: Signature) -> SignerSeen | None:
    try:
        certificate = read_cms(case.document.pdf, act).signer
        return SignerSeen(
            field=act.field,
            name=named(certificate, NameOID.COMMON_NAME),
            capacity=named(certificate, NameOID.TITLE),
            school=named(certificate, NameOID.ORGANIZATION_NAME),
            uai=school_number(certificate),
            at=act.at,
            certificate_sha256=hashlib.sha256(der(certificate)).hexdigest(),
            intact=act.field not in case.altered,
        )
    except Exception:  # noqa: BLE001 - as above: a signature that can't be read has no signer to show
        return None
