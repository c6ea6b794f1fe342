"""The verdict on one proof bundle: the PDF's own checks, then the events, then the log that holds them."""

import hashlib
from collections.abc import Callable

from pfmp_saas.evidence.verify.bundle.archive import FINAL_PDF, unpack
from pfmp_saas.evidence.verify.bundle.carried_checks import signatures_carried
from pfmp_saas.evidence.verify.bundle.contents import Bundle, read_manifest
from pfmp_saas.evidence.verify.bundle.event_checks import (
    acts_recorded,
    certificates_listed,
    events_chained,
    file_finished,
)
from pfmp_saas.evidence.verify.bundle.log_checks import (
    checkpoint_signed,
    checkpoint_stamped,
    events_included,
    log_only_grew,
    witnesses_agree,
)
from pfmp_saas.evidence.verify.bundle.scan_checks import scans_present
from pfmp_saas.evidence.verify.file.verdict import judge_pdf
from pfmp_saas.evidence.verify.report import Check, ReaderInput, Report, Unreadable, Wrong, run_check

_BUNDLE_CHECKS: tuple[tuple[str, Callable[[Bundle], str]], ...] = (
    ("certificates", certificates_listed),
    ("events", events_chained),
    ("acts-recorded", acts_recorded),
    ("finished-file", file_finished),
    ("paper-scans", scans_present),
    ("carried-signatures", signatures_carried),
    ("checkpoint", checkpoint_signed),
    ("inclusion", events_included),
    ("consistency", log_only_grew),
    ("checkpoint-timestamp", checkpoint_stamped),
    ("witnesses", witnesses_agree),
)

_READ = (
    "paquet lu : {} pièces, celles de sa liste ; LISEZMOI.html et verifier.py ne prouvent rien et ne sont pas "
    "jugés : prenez le vérificateur auprès de qui vous avez confiance"
)


def judge_bundle(content: bytes, given: ReaderInput) -> Report:
    """Verify a bundle offline. Never raises for what it holds."""
    fingerprint = hashlib.sha256(content).hexdigest()
    try:
        members = unpack(content)
        manifest = read_manifest(members)
    except (Unreadable, Wrong) as error:
        return Report((Check("archive", ok=False, reason=str(error)),), fingerprint, source="bundle")
    except Exception:  # noqa: BLE001 - hostile bytes: whatever a parser raises is a verdict, never a traceback
        refused = Check("archive", ok=False, reason="la structure du paquet est illisible")
        return Report((refused,), fingerprint, source="bundle")
    pdf = judge_pdf(members[FINAL_PDF], given)
    bundle = Bundle(members, manifest, given, pdf)
    read = Check("archive", ok=True, reason=_READ.format(len(members)))
    own = (run_check(name, check, bundle) for name, check in _BUNDLE_CHECKS)
    return Report(
        (read, *pdf.checks, *own),
        fingerprint,
        pdf.signers,
        pdf.school,
        pdf.uai,
        pdf.subject,
        pdf.kind,
        pdf.frozen_hash,
        source="bundle",
    )
