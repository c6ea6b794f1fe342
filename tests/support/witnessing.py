"""A log with its checkpoints, and a witness that listens; for the tests of witnesses."""

import base64
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pfmp_saas.cli.witness import serve
from pfmp_saas.evidence.merkle import leaf_hash
from pfmp_saas.evidence.witness import WitnessService
from tests.support.bundled import note
from tests.support.merkle import consistency_proof, tree_hash

ORIGIN = "pfmp.example/journal/0211033J"
NAME = "temoin.example/rectorat"
LEAVES = [leaf_hash(str(n).encode()) for n in range(40)]
LOG = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def checkpoint(
    size: int, leaves: Sequence[bytes] = LEAVES, key: Ed25519PrivateKey = LOG, origin: str = ORIGIN
) -> str:
    return note(key, size, tree_hash(leaves[:size]), origin)


def request(old: int, size: int, leaves: Sequence[bytes] = LEAVES, **changed: Any) -> bytes:
    proof = consistency_proof(old, leaves[:size]) if 0 < old < size else []
    steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in changed.pop("proof", proof))
    return f"old {old}\n{steps}\n{checkpoint(size, leaves, **changed)}".encode()


@contextmanager
def running(service: WitnessService) -> Iterator[str]:
    server = serve(service, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
