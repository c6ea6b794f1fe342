"""A witness of logs (c2sp.org/tlog-witness): it remembers the largest head of each, and cosigns what continues it.

Run by somebody else than the operator of the logs: it needs neither the database nor any secret of theirs.
"""

import base64
import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pfmp_saas.evidence.merkle import EMPTY_ROOT, verify_consistency
from pfmp_saas.evidence.verify.log.checkpoint import SignedHead, check_note, parts_of, read_head
from pfmp_saas.evidence.verify.log.cosignature import Witness, cosigned_text
from pfmp_saas.evidence.verify.report import Wrong

LARGEST_REQUEST = 64 * 1024
_MOST_STEPS = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: str
    content_type: str = "text/plain; charset=utf-8"


class _Refused(Exception):
    def __init__(self, status: int, body: str = "", content_type: str = "text/plain; charset=utf-8") -> None:
        super().__init__(body)
        self.answer = Answer(status, body, content_type)


class WitnessService:
    """The service behind ``add-checkpoint``. ``logs`` are the keys of the logs it knows, by origin; ``memory`` is its own file."""

    def __init__(
        self, name: str, key: Ed25519PrivateKey, logs: Mapping[str, Sequence[Ed25519PublicKey]], memory: Path
    ) -> None:
        self.name, self._key, self._logs, self._memory = name, key, logs, memory
        self._lock = threading.Lock()

    @property
    def witness(self) -> Witness:
        """Return the witness's name and public key."""
        return Witness(self.name, self._key.public_key())

    def answer(self, request: bytes, now: datetime) -> Answer:
        """Answer one request; ``now`` is UTC. Never raises for what the request holds."""
        try:
            old, proof, note = _read(request)
            head = self._known_log(note)
            with self._lock:  # the comparison and the memory are one step: no request may roll another back
                self._check(head, old, proof)
                self._remember(head)
        except _Refused as refused:
            return refused.answer
        return Answer(200, self._cosign(note, now))

    def _known_log(self, note: bytes) -> SignedHead:
        try:
            head = read_head(note)
        except Wrong:
            raise _Refused(400, "checkpoint\n") from None
        keys = self._logs.get(head.origin)
        if not keys:
            raise _Refused(404, "unknown log\n")
        for key in keys:
            try:
                return check_note(note, key)
            except Wrong:
                continue
        raise _Refused(403, "no known signature\n")

    def _check(self, head: SignedHead, old: int, proof: Sequence[bytes]) -> None:
        if old > head.size:
            raise _Refused(400, "old size beyond the checkpoint\n")
        size, root = self.heads().get(head.origin, (0, EMPTY_ROOT))
        if old != size or (old == head.size and root != head.root):
            raise _Refused(409, f"{size}\n", "text/x.tlog.size")
        grows = (
            not proof if old in {0, head.size} else verify_consistency(old, root, head.size, head.root, proof)
        )
        if not grows:
            raise _Refused(422, "consistency proof\n")

    def heads(self) -> dict[str, tuple[int, bytes]]:
        """Return the largest head seen of each log, its size and root; raises ValueError for a memory that is none."""
        if not self._memory.exists():
            return {}
        stored_heads = json.loads(self._memory.read_text(encoding="utf-8"))
        return {name: (int(size), bytes.fromhex(root)) for name, (size, root) in stored_heads.items()}

    def _remember(self, head: SignedHead) -> None:
        """Write a head to the disk, in place of the one before, before it is cosigned; raises when it can't."""
        heads = self.heads() | {head.origin: (head.size, head.root)}
        stored_heads = {name: (size, root.hex()) for name, (size, root) in heads.items()}
        draft = self._memory.with_suffix(".part")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(stored_heads, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._memory)

    def _cosign(self, note: bytes, now: datetime) -> str:
        seconds = int(now.timestamp())
        signature = self._key.sign(cosigned_text(parts_of(note)[0].encode(), seconds))
        value = self.witness.identifier + seconds.to_bytes(8, "big") + signature
        return f"— {self.name} {base64.b64encode(value).decode()}\n"


def _read(request: bytes) -> tuple[int, list[bytes], bytes]:
    """Read a request: the old size, the steps of the proof, the checkpoint."""
    if len(request) > LARGEST_REQUEST:
        raise _Refused(413, "too large\n")
    head, blank, note = request.partition(b"\n\n")
    try:
        first, *steps = head.decode("ascii").split("\n")
        proof = [base64.b64decode(step, validate=True) for step in steps]
    except ValueError:
        raise _Refused(400, "request\n") from None
    asked = _OLD.fullmatch(first)
    if (
        not blank
        or not asked
        or len(proof) > _MOST_STEPS
        or any(len(step) != len(EMPTY_ROOT) for step in proof)
    ):
        raise _Refused(400, "request\n")
    return int(asked[1]), proof, note
