"""Random mutations of PDFs and bundles, judged one after another in a process of their own: ``python -m tests.support.mutating N SEED``.

Prints one JSON object: how many verdicts, the slowest in seconds, the peak of memory above that of an idle verifier.
"""

import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pfmp_saas.evidence.verify.bundle.archive import LARGEST, READ_ME, VERIFIER, pack, unpack
from pfmp_saas.evidence.verify.output import as_dict, as_text
from pfmp_saas.evidence.verify.verdict import judge_file
from tests.support.bundled import school
from tests.support.forging_bundle import relisted
from tests.support.sealed_pdf import stamped, world

WORDS = [
    b"/Prev", b"/Root", b"/Size", b"/Contents", b"/ByteRange", b"/Type", b"/Kids", b"/Length", b"/Filter", b"obj",
    b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"%%EOF", b"<<", b">>", b"[", b"]", b"null",
    b" R", b"/FlateDecode", b"/XRefStm", b"/Encrypt", b"999999999", b"-1", b"0", b"(", b")", b"PK\x03\x04",
]  # fmt: skip


def flip(data: bytearray, dice: random.Random, _others: Sequence[bytes]) -> None:
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        data[dice.randrange(len(data))] ^= dice.randrange(1, 256)


def delete(data: bytearray, dice: random.Random, _others: Sequence[bytes]) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.choice((1, 10, 300, 5000, 60_000))]


def insert(data: bytearray, dice: random.Random, _others: Sequence[bytes]) -> None:
    at = dice.randrange(len(data))
    data[at:at] = dice.choice(
        (dice.randbytes(20), dice.choice(WORDS), b"[" * 3000, b"<<" * 3000, b"\0" * 900)
    )


def repeat(data: bytearray, dice: random.Random, _others: Sequence[bytes]) -> None:
    start = dice.randrange(len(data))
    piece = data[start : start + dice.choice((4, 100, 4000))]
    at = dice.randrange(len(data))
    data[at:at] = piece * dice.choice((1, 2, 40))


def splice(data: bytearray, dice: random.Random, others: Sequence[bytes]) -> None:
    other = dice.choice(others)
    start, at = dice.randrange(len(other)), dice.randrange(len(data))
    data[at : at + dice.choice((0, 200))] = other[start : start + dice.choice((20, 800, 20_000))]


def exchange(data: bytearray, dice: random.Random, _others: Sequence[bytes]) -> None:
    """Replace one word of the format by another."""
    old, new = dice.choice(WORDS), dice.choice(WORDS)
    at = data.find(old, dice.randrange(len(data)))
    if at >= 0:
        data[at : at + len(old)] = new


def renumber(data: bytearray, dice: random.Random, _others: Sequence[bytes]) -> None:
    """Change one number, digits only: offsets, sizes, references."""
    at = dice.randrange(len(data))
    while at < len(data) and not 48 <= data[at] <= 57:
        at += 1
    while at < len(data) and 48 <= data[at] <= 57:
        data[at] = dice.randrange(48, 58)
        at += 1


def truncate(data: bytearray, dice: random.Random, _others: Sequence[bytes]) -> None:
    del data[dice.randrange(len(data)) :]


CHANGES = (flip, flip, delete, insert, repeat, splice, exchange, exchange, renumber, renumber, truncate)


def mutated(seed: int) -> tuple[bytes, bool]:
    """Return one case, and whether its verdict must be no: always, but for the pieces that prove nothing."""
    dice = random.Random(seed)
    pdfs = [world().final, stamped().final, school().pdf]
    bundles = [school().bundle, school(timestamps=True).bundle]
    kind = dice.choice(("pdf", "pdf", "bundle", "member"))
    if kind == "member":
        return _member(dice, dice.choice(bundles), pdfs)
    whole = dice.choice(pdfs if kind == "pdf" else bundles)
    data = _changed(whole, dice, pdfs + bundles)
    return data, data != whole


def _member(dice: random.Random, bundle: bytes, pdfs: Sequence[bytes]) -> tuple[bytes, bool]:
    """Change one piece, and write an archive and a list that agree with it."""
    members = unpack(bundle)
    name = dice.choice(sorted(members))
    members[name] = _changed(members[name], dice, pdfs)[: LARGEST[name]]
    data = pack(members)
    try:
        data = relisted(data)
    except Exception:  # noqa: BLE001 - the list itself was broken
        return data, True
    return data, name not in {READ_ME, VERIFIER} and name.endswith((".pdf", ".jsonl", ".txt"))


def _changed(whole: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    data = bytearray(whole)
    for _ in range(dice.choice((1, 1, 2, 4))):
        if data:
            dice.choice(CHANGES)(data, dice, others)
    return bytes(data)


def _peak() -> float:
    """Return this program's peak memory, in MB; getrusage would count what started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def main(count: int, seed: int) -> dict[str, Any]:
    """Judge ``count`` cases; a traceback ends the process."""
    held = stamped().held(checkpoints=(school().checkpoint(12).encode(),))
    verdicts: Counter[str] = Counter()
    idle, slowest, wrong = _peak(), 0.0, list[int]()
    for number in range(seed, seed + count):
        data, must_fail = mutated(number)
        start = time.process_time()
        report = judge_file(data, held)
        slowest = max(slowest, time.process_time() - start)
        json.dumps(as_dict(report))
        as_text(report).encode()
        verdicts["yes" if report.ok else "no"] += 1
        if report.ok and must_fail:
            wrong.append(number)
    return {"verdicts": verdicts, "slowest": slowest, "idle_mb": idle, "peak_mb": _peak(), "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
