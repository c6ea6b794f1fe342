"""Offline verification of sealed files and proof bundles, for the command line, the public page and the tests.

``file`` reads the PDF, ``bundle`` the proof bundle and its events, ``log`` checkpoints and cosignatures, ``time``
timestamps; ``trust`` checks certificates, ``report`` holds the words they share.
"""

from pfmp_saas.evidence.verify.file.verdict import judge_pdf, verify_pdf
from pfmp_saas.evidence.verify.report import Check, ReaderInput, Report, SignerSeen
from pfmp_saas.evidence.verify.trust import BadRoot, load_roots

__all__ = ["BadRoot", "Check", "ReaderInput", "Report", "SignerSeen", "judge_pdf", "load_roots", "verify_pdf"]
