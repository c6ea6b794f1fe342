"""What a verification says: named checks, the signers seen, one verdict."""

from dataclasses import dataclass, field
from datetime import datetime


class Unreadable(Exception):
    """The bytes are not a PDF that can be judged; the message says why, in French."""


class Wrong(Exception):
    """A check found something wrong; the message says what, in French."""


@dataclass(frozen=True)
class Check:
    """One check: its name in kebab case, whether it passed, and why, in French."""

    name: str
    ok: bool
    reason: str


@dataclass(frozen=True)
class SignerSeen:
    """One signature found in the file, as its certificate tells it; ``at`` is the UTC time that it claims.

    ``intact`` tells whether the signed bytes are unchanged; trust in the certificate is a check of its own.
    """

    field: str
    name: str
    capacity: str
    school: str
    uai: str
    at: datetime | None
    certificate_sha256: str
    intact: bool


@dataclass(frozen=True)
class Report:
    """The verdict on one file. ``fingerprint`` is the SHA-256 of the file, ``frozen_hash`` that of what was signed."""

    checks: tuple[Check, ...]
    fingerprint: str
    signers: tuple[SignerSeen, ...] = field(default=())
    school: str | None = None
    uai: str | None = None
    subject: str | None = None
    kind: str | None = None
    frozen_hash: str | None = None

    @property
    def ok(self) -> bool:
        """Tell whether every check passed."""
        return all(check.ok for check in self.checks)

    def failed(self) -> tuple[str, ...]:
        """Return the names of the checks that did not pass."""
        return tuple(check.name for check in self.checks if not check.ok)
