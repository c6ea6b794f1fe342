"""A workbook read in a process of its own, which may use so much memory and time and no more.

A few kilobytes of a workbook can stand for billions of cells: one far away makes a reader reserve the whole square.
What the process answers is rows of texts; what stops it refuses the file and leaves the service as it was.
"""

import io
import json
import os
import resource
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

MOST_MEMORY = 1 << 30
"""Bytes of address space of the process that reads a workbook."""
MOST_SECONDS = 20
"""Of processor time."""
MOST_CELLS = 2_000_000
"""Of all its sheets: what it answers stays within a few megabytes, empty cells too."""
_NEEDED = frozenset({"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH"})
"""What Python needs of the environment: the process that reads what a stranger made is given no secret."""
_TOP = Path(__file__).parents[3]


class Unreadable(ValueError):
    """No workbook that opens within bounds."""


def sheets(content: bytes) -> list[list[list[str]]]:
    """Return the cells of each sheet of a workbook of Excel or LibreOffice, as they would be typed. Raises Unreadable."""
    command = [sys.executable, "-m", "pfmp_saas.roster.reading.workbook"]
    try:
        answer = subprocess.run(
            command,
            input=content,
            capture_output=True,
            cwd=_TOP,
            env={name: os.environ[name] for name in _NEEDED & set(os.environ)},
            timeout=3 * MOST_SECONDS,
            check=True,
        )
        found: list[list[list[str]]] = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Unreadable from error
    return found


def main() -> int:
    """Read a workbook from the standard input and write its sheets as JSON; 2 where it does not open."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        read = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError, MemoryError):
        return 2
    if sum(len(row) for sheet in read for row in sheet) > MOST_CELLS:
        return 2
    json.dump([[[_shown(cell) for cell in row] for row in sheet] for sheet in read], sys.stdout)
    return 0


def _shown(cell: object) -> str:
    """Return a cell as it would be typed: a date in ISO 8601, a whole number without its decimals."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


if __name__ == "__main__":
    sys.exit(main())
