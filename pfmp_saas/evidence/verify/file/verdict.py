"""The verdict on one PDF: every check has a name, runs whatever the others returned, and says why in French."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from cryptography.x509.oid import NameOID

from pfmp_saas.documents.sealing.cms import der
from pfmp_saas.evidence.verify.file.carried import carried_named, carried_seen
from pfmp_saas.evidence.verify.file.checks import (
    all_covered,
    certified_once,
    drawn_as_signed,
    every_byte,
    expected_signatures,
    names_and_capacities,
    nothing_active,
    nothing_else_changed,
    signatures_intact,
)
from pfmp_saas.evidence.verify.file.document import Document, Signature
from pfmp_saas.evidence.verify.file.paper import paper_seen, paper_vouched
from pfmp_saas.evidence.verify.file.sealed_file import SealedFile, signature_count
from pfmp_saas.evidence.verify.file.signature import read_cms
from pfmp_saas.evidence.verify.file.times import certificates_trusted, closed_for_the_long_term, times_stamped
from pfmp_saas.evidence.verify.report import (
    CarriedSeen,
    Check,
    PaperSeen,
    ReaderInput,
    Report,
    SignerSeen,
    Unreadable,
    Wrong,
    run_check,
)
from pfmp_saas.evidence.verify.trust import named, school_number

Manner = TypeVar("Manner", PaperSeen, CarriedSeen)
_PDF_CHECKS: tuple[tuple[str, Callable[[SealedFile], str]], ...] = (
    ("bytes", every_byte),
    ("certification", certified_once),
    ("expected-signatures", expected_signatures),
    ("signatures-intact", signatures_intact),
    ("coverage", all_covered),
    ("modifications", nothing_else_changed),
    ("active-content", nothing_active),
    ("appearance", drawn_as_signed),
    ("identity", names_and_capacities),
    ("paper", paper_vouched),
    ("carried", carried_named),
    ("trust", certificates_trusted),
    ("timestamps", times_stamped),
    ("closing", closed_for_the_long_term),
)


def verify_pdf(pdf: bytes, *, trust: Sequence[bytes], now: datetime, expect: int | None = None) -> Report:
    """Verify a PDF offline.

    ``trust`` holds root certificates in PEM; ``now`` is UTC; ``expect`` is the number of people's signatures that
    the reader knows should be there (the file states its own otherwise). Never raises for what the file holds.
    """
    return judge_pdf(pdf, ReaderInput(now, trust=tuple(trust), expect=expect))


def judge_pdf(pdf: bytes, given: ReaderInput) -> Report:
    """Verify a PDF offline, with all that a reader may bring. Never raises for what the file holds."""
    fingerprint = hashlib.sha256(pdf).hexdigest()
    try:
        file = SealedFile(Document(pdf), given)
        count = len(file.document.certified)
    except Unreadable as error:
        return Report((Check("readable", ok=False, reason=str(error)),), fingerprint)
    except Exception:  # noqa: BLE001 - hostile bytes: whatever a parser raises is a verdict, never a traceback
        return Report((Check("readable", ok=False, reason="la structure du PDF est illisible"),), fingerprint)
    read = Check("readable", ok=True, reason=f"PDF lu : {signature_count(count)}, certification comprise")
    checks = (read, *(run_check(name, check, file) for name, check in _PDF_CHECKS))
    return _report(file, checks, fingerprint)


def _report(file: SealedFile, checks: tuple[Check, ...], fingerprint: str) -> Report:
    signers = tuple(seen for act in file.document.acts if (seen := _seen(file, act)))
    try:
        statement = file.document.statement
        frozen = file.document.pdf[: file.document.signatures[0].end]
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


def _seen(file: SealedFile, act: Signature) -> SignerSeen | None:
    try:
        certificate = read_cms(file.document.pdf, act).signer
        return SignerSeen(
            field=act.field,
            name=named(certificate, NameOID.COMMON_NAME),
            capacity=named(certificate, NameOID.TITLE),
            school=named(certificate, NameOID.ORGANIZATION_NAME),
            uai=school_number(certificate),
            at=file.at(act),
            certificate_sha256=hashlib.sha256(der(certificate)).hexdigest(),
            intact=act.field not in file.altered,
            paper=_seen_by(paper_seen, file, act),
            carried=_seen_by(carried_seen, file, act),
        )
    except Exception:  # noqa: BLE001 - as above: a signature that can't be read has no signer to show
        return None


def _seen_by(
    read: Callable[[SealedFile, Signature], Manner | None], file: SealedFile, act: Signature
) -> Manner | None:
    try:
        return read(file, act)
    except Wrong:
        return None  # the check has said so
