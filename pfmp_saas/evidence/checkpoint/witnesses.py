"""Asking witnesses for their cosignature, over HTTP (c2sp.org/tlog-witness): a line to add to a checkpoint."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from pfmp_saas.evidence.outgoing import post
from pfmp_saas.evidence.verify.log.cosignature import (
    BadWitness,
    Witness,
    cosigned_at,
    read_witness,
    witness_key,
)
from pfmp_saas.evidence.verify.report import Wrong

_LARGEST_ANSWER = 16 * 1024
_CONFLICT = 409


class WitnessFailed(Exception):
    """No cosignature came back; the message says why, in French. Nothing replaces it: try again later."""


class Behind(WitnessFailed):
    """The witness knows the log at another size than the request said."""

    def __init__(self, size: int) -> None:
        super().__init__(f"le témoin connaît le journal à {size} événements")
        self.size = size


@dataclass(frozen=True)
class WitnessAddress:
    """A witness and its address; ``timeout`` in seconds."""

    witness: Witness
    url: str
    timeout: float = 10.0

    @property
    def key(self) -> str:
        """Return the witness's key as it is published."""
        return witness_key(self.witness)

    def ask(self, note: str, old: int, proof: Sequence[bytes]) -> str:
        """Return the witness's line on a checkpoint, verified; ``proof`` leads from its size ``old``.

        Raises Behind when it knows another size, WitnessFailed otherwise.
        """
        steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in proof)
        answer = self._post(f"old {old}\n{steps}\n{note}".encode())
        for line in answer.splitlines(keepends=True):
            try:
                cosigned_at((note + line).encode(), self.witness)
            except Wrong:
                continue
            return line
        raise WitnessFailed("la réponse du témoin n’est pas sa cosignature de ce relevé")

    def _post(self, body: bytes) -> str:
        url, headers = f"{self.url.rstrip('/')}/add-checkpoint", {"Content-Type": "text/plain"}
        try:
            return post(url, body, headers, timeout=self.timeout, largest=_LARGEST_ANSWER).decode("utf-8")
        except HTTPError as error:
            raise _refusal(error) from error
        except (OSError, HTTPException, ValueError) as error:
            raise WitnessFailed(f"le témoin ne répond pas ({error})") from error


def _refusal(error: HTTPError) -> WitnessFailed:
    text = error.read(_LARGEST_ANSWER).decode("utf-8", "replace").strip()
    if error.code == _CONFLICT and text.isdecimal() and len(text) <= 16:
        return Behind(int(text))
    return WitnessFailed(f"le témoin a refusé ({error.code})")


def configured(path: Path | None) -> tuple[WitnessAddress, ...]:
    """Return the witnesses that a file names, a key and an address a line. Raises BadWitness, OSError."""
    if path is None:
        return ()
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(_address(words) for words in lines if words and not words[0].startswith("#"))


def _address(words: Sequence[str]) -> WitnessAddress:
    if len(words) != 2 or urlsplit(words[1]).scheme not in {"http", "https"}:
        raise BadWitness("chaque témoin tient sur une ligne : sa clé, puis son adresse HTTP")
    return WitnessAddress(read_witness(words[0]), words[1])
