"""The standalone verifier in a process of its own, which may import nothing of ours."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pfmp_saas.evidence.bundle.standalone import standalone

# Runs the standalone verifier once for each list of arguments read from standard input, alone in its process.
RUNNER = """
import contextlib, io, json, runpy, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pfmp_saas", "flask", "sqlalchemy", "reportlab", "rfc8785", "click", "pypdf"}:
            raise ImportError("the standalone verifier must not import " + name)
sys.meta_path.insert(0, Refuse())
main = runpy.run_path(sys.argv[1], run_name="standalone")["main"]
sys.stdin.reconfigure(encoding="utf-8")
for line in sys.stdin:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = main(json.loads(line))
        out.flush()
    sys.__stdout__.write(json.dumps([code, out.buffer.getvalue().decode()]) + "\\n")
    sys.__stdout__.flush()
"""


class Standalone:
    """One process of the standalone verifier, asked many times."""

    def __init__(self, place: Path) -> None:
        (place / "verifier.py").write_text(standalone(), encoding="utf-8")
        command = [sys.executable, "-I", "-c", RUNNER, str(place / "verifier.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=place)
        assert self._process.stdin
        assert self._process.stdout
        self._questions, self._answers = self._process.stdin, self._process.stdout

    def judge(self, arguments: Sequence[str]) -> Any:
        self._questions.write((json.dumps(arguments) + "\n").encode())
        self._questions.flush()
        return json.loads(self._answers.readline())

    def stop(self) -> None:
        self._questions.close()
        self._process.wait(10)
