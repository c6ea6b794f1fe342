"""How the tests themselves are written: what keeps one from leaning on another, on the hour or on a pause."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = sorted(TESTS.rglob("*.py"))
CLOCKS = re.compile(r"datetime\.now|date\.today|utc[n]ow|time\.time\(")
PAUSES = re.compile(r"\bsleep\(|wait_for_timeout")
WAITING = {"support/waiting.py"}
"""Where a pause stands between two looks at a state."""


def read(path):
    return path.read_text(encoding="utf-8")


def imported(path):
    """Return the modules that a module names in its imports."""
    nodes = ast.walk(ast.parse(read(path)))
    return {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def is_fixture(node):
    """Tell whether a function is decorated as a fixture, with or without arguments."""
    decorated = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    return any(isinstance(each, ast.Attribute) and each.attr == "fixture" for each in decorated)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_module_imports_a_test_module(path):
    assert [name for name in imported(path) if name.rpartition(".")[2].startswith("test_")] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_fixtures_stand_in_conftest(path):
    functions = [node for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.FunctionDef)]
    assert path.name == "conftest.py" or [node.name for node in functions if is_fixture(node)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_reads_the_machine_s_clock_or_pauses(path):
    if path != Path(__file__):
        assert CLOCKS.findall(read(path)) == []
        assert str(path.relative_to(TESTS)) in WAITING or PAUSES.findall(read(path)) == []
