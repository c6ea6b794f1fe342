"""The command line of the verifier: ``pfmp verify`` and the standalone file run this same function."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from pfmp_saas.evidence.verify.file.structure import MAX_BYTES
from pfmp_saas.evidence.verify.log.cosignature import BadWitness, read_witnesses
from pfmp_saas.evidence.verify.output import as_dict, as_text
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.trust import BadRoot, load_roots
from pfmp_saas.evidence.verify.verdict import is_ours_to_judge, judge_file

TRUST_VARIABLE = "PFMP_TRUST_ROOT"
STAMP_VARIABLE = "PFMP_TSA_TRUST"
WITNESS_VARIABLE = "PFMP_WITNESS_KEYS"
_DEFAULT_ROOT = Path("var") / "trust" / "root.pem"
_DEFAULT_STAMP_ROOT = Path("var") / "trust" / "tsa.pem"
_LARGEST_FILE = 2 * MAX_BYTES
_LARGEST_AID = 1024 * 1024


_PDF_ALONE = "un relevé ou un témoin se compare à un paquet de preuve (preuve.zip), pas à un PDF seul"


class UnusableInput(Exception):
    """The input can’t be read at all; the message is one French line."""


def verify_file(
    file: Path,
    *,
    trust: Path | None = None,
    stamps: Path | None = None,
    checkpoints: Sequence[Path] = (),
    witnesses: Sequence[Path] = (),
    expect: int | None = None,
    as_json: bool = False,
    home: Path = Path(),
) -> tuple[str, bool]:
    """Verify a file; return the text to print, and whether every check passed. Raises UnusableInput.

    Roots that are not given are looked for in the environment, then under ``home``.
    """
    content = _read(file, _LARGEST_FILE + 1)
    if not is_ours_to_judge(content):
        raise UnusableInput(f"{file} n’est ni un PDF ni un paquet de preuve")
    if (checkpoints or witnesses) and not content.startswith(b"PK"):
        raise UnusableInput(_PDF_ALONE)
    given = ReaderInput(
        now=datetime.now(UTC),
        trust=_anchors_in(trust, TRUST_VARIABLE, _DEFAULT_ROOT, home),
        authorities=_anchors_in(stamps, STAMP_VARIABLE, _DEFAULT_STAMP_ROOT, home),
        checkpoints=tuple(_read(path, _LARGEST_AID) for path in checkpoints),
        witnesses=_witness_keys(witnesses),
        expect=expect,
    )
    report = judge_file(content, given)
    text = json.dumps(as_dict(report), ensure_ascii=False, indent=1) if as_json else as_text(report)
    return text, report.ok


def _anchors_in(given: Path | None, variable: str, default: Path, home: Path) -> tuple[bytes, ...]:
    """Return the PEM of the option, else that of the environment, else that of the instance; empty without any."""
    named_path = given or (Path(value) if (value := os.environ.get(variable, "").strip()) else None)
    for place in [named_path] if named_path else [default, home / default]:
        if named_path or place.is_file():
            return (_anchor(place),)
    return ()


def _witness_keys(given: Sequence[Path]) -> tuple[bytes, ...]:
    """Return the witnesses' keys of the options, or those of the environment. Raises UnusableInput."""
    configured = os.environ.get(WITNESS_VARIABLE, "").strip()
    keys = []
    for path in given or ([Path(configured)] if configured else []):
        keys.append(_read(path, _LARGEST_AID))
        try:
            read_witnesses(keys[-1])
        except BadWitness as error:
            raise UnusableInput(f"{path} : {error}") from error
    return tuple(keys)


def _anchor(place: Path) -> bytes:
    pem = _read(place, _LARGEST_AID)
    try:
        load_roots(pem)
    except BadRoot as error:
        raise UnusableInput(f"{place} : {error}") from error
    return pem


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise UnusableInput(f"{path} ne se lit pas : {error.strerror or error}") from error


class _FrenchParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse a bad use in one line."""
        self.exit(2, f"mauvais usage : {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the standalone verifier; return its exit code: 0 good, 1 found wrong, 2 bad input."""
    parser = _FrenchParser(description="Vérifie un PDF final ou un paquet de preuve, sans réseau.")
    parser.add_argument("file", type=Path, metavar="FICHIER", help="PDF final ou paquet de preuve (ZIP)")
    parser.add_argument("--trust", type=Path, metavar="RACINE.pem", help="racine de confiance des signatures")
    parser.add_argument("--tsa", type=Path, metavar="TSA.pem", help="autorité d’horodatage de confiance")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        metavar="RELEVE.txt",
        action="append",
        default=[],
        help="relevé que vous tenez",
    )
    parser.add_argument(
        "--witness", type=Path, metavar="TEMOINS.txt", action="append", default=[], help="clés de témoins"
    )
    parser.add_argument("--expect", type=int, metavar="N", help="nombre de signatures attendues")
    parser.add_argument("--json", action="store_true", help="écrit un objet JSON")
    options = parser.parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        text, passed = verify_file(
            options.file,
            trust=options.trust,
            stamps=options.tsa,
            checkpoints=options.checkpoint,
            witnesses=options.witness,
            expect=options.expect,
            as_json=options.json,
        )
    except UnusableInput as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    print(text)
    return 0 if passed else 1
