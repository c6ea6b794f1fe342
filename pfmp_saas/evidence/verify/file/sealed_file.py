"""A PDF under verification: what it carries, read once for all checks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509

from pfmp_saas.evidence.verify.file.document import Document, Signature
from pfmp_saas.evidence.verify.file.grammar import Section, sections_of
from pfmp_saas.evidence.verify.file.signature import Signed, check_intact, read_cms, read_token, signed_digest
from pfmp_saas.evidence.verify.report import ReaderInput, Wrong
from pfmp_saas.evidence.verify.time.timestamp import check_token, stamp_time
from pfmp_saas.evidence.verify.trust import load_roots


@dataclass(frozen=True)
class SealedFile:
    """A PDF under verification, and what the reader brings."""

    document: Document
    given: ReaderInput

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return the revisions, every byte of the file accounted for; raises Wrong where one is not."""
        return sections_of(self.document.pdf, self.document.tables)

    @cached_property
    def roots(self) -> tuple[x509.Certificate, ...]:
        """Return the roots of signers that the reader trusts."""
        return tuple(root for pem in self.given.trust for root in load_roots(pem))

    @cached_property
    def anchors(self) -> tuple[x509.Certificate, ...]:
        """Return the authorities of timestamps that the reader trusts."""
        return tuple(anchor for pem in self.given.authorities for anchor in load_roots(pem))

    @cached_property
    def signed(self) -> dict[str, Signed]:
        """Return the CMS of each signature made with a certificate, not checked yet; raises Wrong when one can’t be read."""
        return {
            signature.field: read_cms(self.document.pdf, signature) for signature in self.document.certified
        }

    @cached_property
    def altered(self) -> dict[str, str]:
        """Return what is wrong with each signature that is not intact, by field."""
        reasons = {}
        for signature in self.document.signatures:
            try:
                self._check(signature)
            except Wrong as wrong:
                reasons[signature.field] = str(wrong)
        return reasons

    def _check(self, signature: Signature) -> None:
        pdf = self.document.pdf
        if signature == self.document.closing:
            check_token(read_token(pdf, signature), signed_digest(pdf, signature))
        else:
            check_intact(pdf, signature)

    def at(self, signature: Signature) -> datetime | None:
        """Return when a signature was made (UTC): its timestamp’s time if it has one, else the time that it claims."""
        stamp = self.signed[signature.field].stamp
        return stamp_time(stamp) if stamp else signature.at


def some_signatures(file: SealedFile) -> tuple[Signature, ...]:
    """Return the signatures; raises Wrong when there are none."""
    if not file.document.signatures:
        raise Wrong("le document ne porte aucune signature")
    return file.document.signatures


def signature_count(signatures: int) -> str:
    """Return a number of signatures in French."""
    return f"{signatures} signature{'s' if signatures > 1 else ''}"
