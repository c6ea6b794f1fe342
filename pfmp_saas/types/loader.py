"""The convention types that this service knows: folders of data, each read and checked once.

Ours stand beside this module. An operator adds a directory of others (``PFMP_TYPES_DIRECTORY``): a type is its folder
and nothing else.
"""

import hashlib
import json
from functools import cached_property
from pathlib import Path

from pfmp_saas.types import document
from pfmp_saas.types.errors import InvalidType, UnknownType
from pfmp_saas.types.model import ConventionType
from pfmp_saas.types.verification import verify

OURS = Path(__file__).parent


class Catalogue:
    """The types of some directories, one folder each, by their slugs."""

    def __init__(self, *directories: Path) -> None:
        self.directories = directories
        self._types: dict[str, ConventionType] = {}
        self._texts: dict[str, str] = {}

    @cached_property
    def folders(self) -> dict[str, Path]:
        """Return the types' folders by slug. Raises InvalidType when two types have the same."""
        folders: dict[str, Path] = {}
        for path in (
            path for directory in self.directories for path in sorted(directory.glob("*/type.json"))
        ):
            slug = str(json.loads(path.read_text(encoding="utf-8"))["slug"])
            if slug in folders:
                raise InvalidType(f"{slug} : deux types portent ce nom ({folders[slug]} et {path.parent})")
            folders[slug] = path.parent
        return folders

    def folder(self, slug: str) -> Path:
        """Return the folder of a type. Raises UnknownType."""
        found = self.folders.get(slug) if isinstance(slug, str) else None
        if found is None:
            raise UnknownType(slug)
        return found

    def text(self, slug: str) -> str:
        """Return the canonical text of a type. Raises UnknownType."""
        if slug not in self._texts:
            self._texts[slug] = document.canonical(document.assembled(self.folder(slug)))
        return self._texts[slug]

    def type(self, slug: str) -> ConventionType:
        """Return a type. Raises UnknownType, InvalidType."""
        folder = self.folder(slug)
        if slug not in self._types:
            self._types[slug] = load(folder)
        return self._types[slug]


_IN_USE = [Catalogue(OURS)]


def use_directory(directory: Path | None) -> None:
    """Read types from ``directory`` besides ours from now on; without one, from ours alone."""
    directories = (OURS, directory) if directory else (OURS,)
    if _IN_USE[0].directories != directories:
        _IN_USE[0] = Catalogue(*directories)


def available() -> tuple[str, ...]:
    """Return the slugs of the types, in alphabetical order."""
    return tuple(sorted(_IN_USE[0].folders))


def get_type(slug: str) -> ConventionType:
    """Return the type of this slug. Raises UnknownType."""
    return _IN_USE[0].type(slug)


def packaged(slug: str) -> document.Json:
    """Return the whole document of the type of this slug, a fresh copy. Raises UnknownType."""
    whole: document.Json = json.loads(packaged_text(slug))
    return whole


def packaged_text(slug: str) -> str:
    """Return the canonical text of the type of this slug. Raises UnknownType."""
    return _IN_USE[0].text(slug)


def packaged_digest(slug: str) -> str:
    """Return the SHA-256 of that text, in hexadecimal. Raises UnknownType."""
    return hashlib.sha256(packaged_text(slug).encode()).hexdigest()


def load(folder: Path) -> ConventionType:
    """Read and check the type of ``folder``. Raises InvalidType that says what is wrong in it."""
    kind = document.kind_of(document.assembled(folder))
    verify(kind)
    return kind
