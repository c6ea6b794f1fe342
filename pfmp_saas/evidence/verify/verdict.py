"""The verdict on a file that someone brings: a final PDF or a proof bundle."""

from pfmp_saas.evidence.verify.bundle.archive import is_archive
from pfmp_saas.evidence.verify.bundle.verdict import judge_bundle
from pfmp_saas.evidence.verify.file.verdict import judge_pdf
from pfmp_saas.evidence.verify.report import ReaderInput, Report


def judge_file(content: bytes, given: ReaderInput) -> Report:
    """Return the verdict on a final PDF or a proof bundle, whichever its first bytes say. Never raises for what it holds."""
    return judge_bundle(content, given) if content.startswith(b"PK") else judge_pdf(content, given)


def is_ours_to_judge(content: bytes) -> bool:
    """Return whether these bytes are a PDF or a ZIP at all; anything else is no evidence, good or bad."""
    return is_archive(content) or b"%PDF-" in content or b"%%EOF" in content
