"""The standalone verifier: the modules that ``pfmp verify`` runs, put end to end in one readable file.

Nothing is written twice: the file is made of the very sources that the command and the public page import. It needs
``cryptography`` and pyHanko (with the asn1crypto that pyHanko brings), and nothing of the application.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "pfmp_saas"
MODULES = tuple(
    f"{PACKAGE}.{name}"
    for name in (
        "documents.sealing.names",
        "documents.sealing.cms",
        "documents.sealing.drawn",
        "evidence.canonical",
        "evidence.events",
        "evidence.chain",
        "evidence.merkle",
        "evidence.verify.report",
        "evidence.verify.trust",
        "evidence.verify.time.token",
        "evidence.verify.time.authority",
        "evidence.verify.time.timestamp",
        "evidence.verify.file.structure",
        "evidence.verify.file.reader",
        "evidence.verify.file.syntax",
        "evidence.verify.file.grammar",
        "evidence.verify.file.document",
        "evidence.verify.file.compare",
        "evidence.verify.file.signature",
        "evidence.verify.file.closing",
        "evidence.verify.file.changes",
        "evidence.verify.file.sealed_file",
        "evidence.verify.file.paper",
        "evidence.verify.file.carried",
        "evidence.verify.file.allowed",
        "evidence.verify.file.frozen",
        "evidence.verify.file.acts",
        "evidence.verify.file.checks",
        "evidence.verify.file.times",
        "evidence.verify.file.verdict",
        "evidence.verify.log.checkpoint",
        "evidence.verify.log.cosignature",
        "evidence.verify.bundle.archive",
        "evidence.verify.bundle.contents",
        "evidence.verify.bundle.event_checks",
        "evidence.verify.bundle.scan_checks",
        "evidence.verify.bundle.carried_checks",
        "evidence.verify.bundle.log_checks",
        "evidence.verify.bundle.verdict",
        "evidence.verify.verdict",
        "evidence.verify.output",
        "evidence.verify.command",
    )
)
_HEAD = '''#!/usr/bin/env python3
"""Vérificateur autonome des PDF et des paquets de preuve de PFMP SaaS.

    python verifier.py convention.pdf --trust racine.pem
    python verifier.py preuve.zip --trust racine.pem --json

Il n’utilise ni le réseau, ni la base du service : seulement Python 3.11 ou plus récent et deux bibliothèques
publiques, « pip install pyhanko cryptography ». Code de sortie : 0 conforme, 1 non conforme, 2 illisible.
Ce fichier est la mise bout à bout des modules du service, sans autre changement que leurs imports.
"""
'''
_TAIL = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


class NotFlat(Exception):
    """The modules can't be put end to end; says which name or import is in the way."""


@lru_cache(maxsize=1)
def standalone() -> str:
    """Return the source of the standalone verifier; the same text every time.

    Raises NotFlat when two modules define one name, or import the application in a way that can't be flattened.
    """
    imports: set[str] = {"import sys"}
    bodies, owners = [], dict[str, str]()
    for module in MODULES:
        source = _source(module)
        tree = ast.parse(source)
        _claim(owners, module, tree)
        cut = list(_cut(module, tree, imports, owners))
        bodies.append(f"\n\n# ---- {module.removeprefix(PACKAGE)[1:]} ----\n" + _without(source, tree, cut))
    return _HEAD + "\n" + "\n".join(_sorted(imports)) + "\n" + "".join(bodies) + _TAIL


def _source(module: str) -> str:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise NotFlat(module)
    return Path(spec.origin).read_text(encoding="utf-8")


def _claim(owners: dict[str, str], module: str, tree: ast.Module) -> None:
    """Note who defines each top-level name; two owners of one name would overwrite each other."""
    for node in tree.body:
        for name in _defined(node):
            if owners.setdefault(name, module) != module:
                raise NotFlat(f"{name}: {owners[name]}, {module}")


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (
            each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)
        )
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _cut(module: str, tree: ast.Module, imports: set[str], owners: dict[str, str]) -> Iterator[ast.stmt]:
    """Yield the statements to leave out: imports, those from outside being gathered at the top."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            for alias in node.names:
                if alias.asname or owners.get(alias.name) != node.module:
                    raise NotFlat(f"{module}: {ast.unparse(node)}")
            yield node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if any(alias.name.startswith(PACKAGE) for alias in node.names):
                raise NotFlat(f"{module}: {ast.unparse(node)}")
            imports |= {line for alias in node.names for line in [_one(node, alias)]}
            yield node


def _one(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import([alias]))
    return ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def _without(source: str, tree: ast.Module, cut: list[ast.stmt]) -> str:
    dropped = {line for node in cut for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    first = tree.body[0]
    docstring = (
        range(first.lineno, (first.end_lineno or first.lineno) + 1) if ast.get_docstring(tree) else range(0)
    )
    lines = []
    for number, line in enumerate(source.splitlines(), 1):
        if number in docstring:
            lines.append(f"# {line.replace(chr(34) * 3, '').strip()}".rstrip())
        elif number not in dropped:
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"


def _sorted(imports: set[str]) -> list[str]:
    return sorted(imports, key=lambda line: (line.startswith("from"), line))
