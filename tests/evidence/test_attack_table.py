"""The table of attacks in docs/evidence.md: no attack of the suite without a row, no row without an attack.

An attack is an entry of a registry in tests/support, or a test that bears the mark ``attack``: an entry of the
module's dictionary where the test is given each of its keys, the test itself otherwise.
"""

import ast
import importlib
import re
from pathlib import Path

from tests.support import attacks_bundle, attacks_bytes, attacks_pdf, attacks_stamps
from tests.support.browser import TOP

TESTS = TOP / "tests"
HELD = {"tests/support/tampering.py TAMPERS"}
"""Registries outside of the modules of attacks: changes that the insider's tests sign over."""
LEAST = 110


def rows():
    """Return the rows of the table: where, attack, mechanism, gain."""
    found, where = [], None
    for line in (TOP / "docs/evidence.md").read_text(encoding="utf-8").splitlines():
        where = line.removeprefix("### ").replace("`", "") if line.startswith("### ") else where
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] not in {"Attack", "---"}:
            found.append((where, *cells))
    return found


def registered():
    """Yield each attack of the registries in tests/support, with its registry."""
    for module in (attacks_pdf, attacks_bundle, attacks_stamps, attacks_bytes):
        for name, value in vars(module).items():
            if re.fullmatch(r"[A-Z_]*ATTACKS|WRITTEN|PLANTED|DRAWN", name):
                yield from (
                    (f"tests/support/{Path(module.__file__).name} {name}", each) for each in names(value)
                )
    for place in HELD:
        path, _, name = place.partition(" ")
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        yield from ((place, each.__name__) for each in getattr(module, name))


def names(registry):
    return list(registry) if isinstance(registry, dict) else [each.name for each in registry]


def marked():
    """Yield each test that bears the mark, or each key of the dictionary that it is given, with its place."""
    for path in TESTS.rglob("test_*.py"):
        tree, place = ast.parse(path.read_text(encoding="utf-8")), str(path.relative_to(TOP))
        known = {node.targets[0].id: node.value for node in tree.body if is_dictionary(node)}
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            marks = {ast.unparse(each) for each in function.decorator_list}
            if "pytest.mark.attack" in marks:
                given = [name for name in known if any(mark.endswith(f", {name})") for mark in marks)]
                for name in given:
                    yield from ((f"{place} {name}", ast.literal_eval(key)) for key in known[name].keys)
                if not given:
                    yield place, function.name


def is_dictionary(node):
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)


def test_every_attack_has_its_row_and_every_row_its_attack():
    told = [row[:2] for row in rows()]
    assert sorted(told) == sorted([*registered(), *marked()])
    assert len(told) == len(set(told))


def test_every_module_of_attacks_is_read():
    assert {path.name for path in (TESTS / "support").glob("attacks_*.py")} == {
        Path(each.__file__).name for each in (attacks_pdf, attacks_bundle, attacks_stamps, attacks_bytes)
    }


def test_each_row_says_how_and_what_for_and_there_are_enough():
    assert all(len(row) == 4 and all(row) for row in rows())
    assert len({mechanism for _, _, mechanism, _ in rows()}) >= LEAST


def test_a_mechanism_counts_once():
    """The count is told in the text, and is that of the rows."""
    table = (TOP / "docs/evidence.md").read_text(encoding="utf-8")
    told = re.search(r"(\d+) attacks by (\d+) mechanisms", table)
    assert told.groups() == (str(len(rows())), str(len({row[2] for row in rows()})))
