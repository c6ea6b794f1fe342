"""The words that all checks share: what the reader brings, a check, the signers, the report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

Case = TypeVar("Case")


class Unreadable(Exception):
    """The bytes are not a file that can be verified; the message says why, in French."""


class Wrong(Exception):
    """A check did not pass; the message says why, in French."""


@dataclass(frozen=True)
class ReaderInput:
    """The reader's own input, which the file can't provide: all the rest comes from the file under verification.

    ``trust`` are roots of signers and ``authorities`` of timestamps, both in PEM; ``checkpoints`` are signed notes
    received outside; ``witnesses`` are keys of witnesses, one a line; ``expect`` is how many people's signatures the reader knows of; ``now`` is UTC.
    """

    now: datetime
    trust: tuple[bytes, ...] = ()
    authorities: tuple[bytes, ...] = ()
    checkpoints: tuple[bytes, ...] = ()
    witnesses: tuple[bytes, ...] = ()
    expect: int | None = None


@dataclass(frozen=True)
class Check:
    """One check: its name in kebab case, whether it passed, and why, in French."""

    name: str
    ok: bool
    reason: str


@dataclass(frozen=True)
class PaperSeen:
    """A signature on paper, by the seal of the person who saw it: the signer, the capacity, the day, the scan."""

    signer: str
    capacity: str
    signed_on: date
    scan_sha256: str


@dataclass(frozen=True)
class CarriedSeen:
    """A signature carried over, by the school's seal: the signer, the capacity, the day, the version that was signed, the act."""

    signer: str
    capacity: str
    signed_on: date
    version: str
    act: str


@dataclass(frozen=True)
class SignerSeen:
    """One signature of the file, by its certificate; ``at`` is the UTC time that it claims.

    ``intact`` tells whether the signed bytes are unchanged; trust in the certificate is a check of its own.
    With ``paper``, whom the certificate names did not sign: he or she vouches for having seen the original. With
    ``carried``, the school's seal stands for a signature given on an earlier version.
    """

    field: str
    name: str
    capacity: str
    school: str
    uai: str
    at: datetime | None
    certificate_sha256: str
    intact: bool
    paper: PaperSeen | None = None
    carried: CarriedSeen | None = None

    @property
    def sentence(self) -> str:
        """Return the signer and the capacity, in French, and for a signature on paper who vouches for it, for one carried over where it was given."""
        if self.carried is not None:
            return (
                f"{self.carried.signer}, {self.carried.capacity}, signé le {self.carried.signed_on:%d/%m/%Y} sur la "
                f"version {self.carried.version}, signature reportée par l’établissement, cachet apposé"
            )
        if self.paper is None:
            return f"{self.name}, {self.capacity}"
        return (
            f"{self.paper.signer}, {self.paper.capacity}, signé sur papier le {self.paper.signed_on:%d/%m/%Y} ; "
            f"original vu par {self.name}, empreinte du scan {self.paper.scan_sha256}, cachet apposé"
        )


@dataclass(frozen=True)
class Report:
    """The verdict on one file. ``fingerprint`` is the SHA-256 of the file, ``frozen_hash`` that of what was signed.

    ``source`` tells what was judged: ``pdf`` or ``bundle``.
    """

    checks: tuple[Check, ...]
    fingerprint: str
    signers: tuple[SignerSeen, ...] = field(default=())
    school: str | None = None
    uai: str | None = None
    subject: str | None = None
    kind: str | None = None
    frozen_hash: str | None = None
    source: str = "pdf"

    @property
    def ok(self) -> bool:
        """Return whether every check passed."""
        return all(check.ok for check in self.checks)

    def failed(self) -> tuple[str, ...]:
        """Return the names of the checks that did not pass."""
        return tuple(check.name for check in self.checks if not check.ok)


def run_check(name: str, check: Callable[[Case], str], case: Case) -> Check:
    """Run one check: its result is why it passed, its error why it did not. Never raises."""
    try:
        return Check(name, ok=True, reason=check(case))
    except (Wrong, Unreadable) as fault:
        return Check(name, ok=False, reason=str(fault))
    except Exception:  # noqa: BLE001 - hostile bytes: whatever a parser raises is a verdict, never a traceback
        return Check(name, ok=False, reason="la structure du fichier est inattendue")
