"""Verification of a sealed file, offline: one function for the command line, the public page and the tests."""

from pfmp_saas.evidence.verify.file.verdict import judge_pdf, verify_pdf
from pfmp_saas.evidence.verify.report import Check, ReaderInput, Report, SignerSeen
from pfmp_saas.evidence.verify.trust import BadRoot, load_roots

__all__ = ["BadRoot", "Check", "ReaderInput", "Report", "SignerSeen", "judge_pdf", "load_roots", "verify_pdf"]
