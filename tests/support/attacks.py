"""What an attack is: a name, the tampered file, the check that must fail and the reason that it must give."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """A file to judge, and what the reader brings; empty means the usual root, authority and no checkpoint."""

    content: bytes
    trust: bytes | None = None
    tsa: bytes | None = None
    checkpoints: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Attack:
    """``control`` is the same file untouched, read with the same means: it must pass."""

    name: str
    how: Callable[[], Given]
    check: str
    reason: str
    control: Callable[[], Given]
