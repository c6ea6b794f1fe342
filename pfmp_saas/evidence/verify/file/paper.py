"""Signatures given on paper: their field holds the seal of the person who saw the original, not a signature of the signer."""

import re
from datetime import UTC, datetime

from cryptography.x509.oid import NameOID

from pfmp_saas.documents.sealing.names import VOUCHED, paper_reason, shortened
from pfmp_saas.evidence.verify.file.document import Signature, entry_of
from pfmp_saas.evidence.verify.file.sealed_file import SealedFile, signature_count
from pfmp_saas.evidence.verify.report import PaperSeen, Wrong
from pfmp_saas.evidence.verify.trust import named

_PAPER_REASON = re.compile(
    re.escape(paper_reason("EVENT", "DAY", "SIGNER", "SCAN"))
    .replace("EVENT", "[0-9a-f]{64}")
    .replace("DAY", "(?P<day>[0-9]{2}/[0-9]{2}/[0-9]{4})")
    .replace("SIGNER", "(?P<signer>.{1,200})")
    .replace("SCAN", "(?P<scan>[0-9a-f]{64})")
)


def paper_vouched(file: SealedFile) -> str:
    """Check that a field that stands for a paper signature says so both in its certificate and in its reason."""
    papers = [(act, seen) for act in file.document.acts if (seen := paper_seen(file, act))]
    if not papers:
        return "aucune signature sur papier"
    sentences = [
        f"{seen.capacity} : signé sur papier par {seen.signer} le {seen.signed_on:%d/%m/%Y}, original vu par "
        f"{voucher_of(file, act)}, empreinte du scan {seen.scan_sha256}"
        for act, seen in papers
    ]
    return f"{signature_count(len(papers))} sur papier, sur {len(file.document.statement.expected)} – {' ; '.join(sentences)}"


def voucher_of(file: SealedFile, act: Signature) -> str:
    """Return the name in the certificate that sealed a field."""
    return named(file.signed[act.field].signer, NameOID.COMMON_NAME)


def paper_seen(file: SealedFile, act: Signature) -> PaperSeen | None:
    """Return the paper signature that a field stands for, None when it holds an electronic one; raises Wrong."""
    capacity = file.document.statement.expected.get(act.field, "")
    reason = _PAPER_REASON.fullmatch(str(entry_of(act.value, "/Reason", "")))
    title = named(file.signed[act.field].signer, NameOID.TITLE)
    if shortened(capacity).startswith(VOUCHED) or (title == vouching(capacity)) != bool(reason):
        raise Wrong(
            f"« {act.label} » : le certificat et le motif ne disent pas la même chose d’un papier signé"
        )
    if reason is None:
        return None
    try:
        day = datetime.strptime(reason["day"], "%d/%m/%Y").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Wrong(f"« {act.label} » : le jour de la signature sur papier n’existe pas") from error
    return PaperSeen(reason["signer"], capacity, day, reason["scan"])


def vouching(capacity: str) -> str:
    """Return the title that certificates carry for the voucher of a paper signed in ``capacity``."""
    return shortened(VOUCHED + capacity)
