"""What the tests of the roster share: reading files as on one day."""

from datetime import date
from pathlib import Path

import pytest

from pfmp_saas.roster.reading import files

TODAY = date(2026, 11, 26)
HEADER = "nom;prenom;date_naissance;classe;courriel;representant;courriel_representant"


@pytest.fixture
def read():
    """Reads files given by path, or one by its content."""

    def run(*given, name="liste.csv", today=TODAY):
        sources = [
            files.Source(each.name, each.read_bytes()) if isinstance(each, Path) else files.Source(name, each)
            for each in given
        ]
        return files.read(sources, today)

    return run


@pytest.fixture
def listed(read):
    """Reads lines under the usual header."""

    def run(*lines, encoding="utf-8", header=HEADER):
        return read("\n".join([header, *lines]).encode(encoding))

    return run
