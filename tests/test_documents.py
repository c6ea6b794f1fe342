"""What the documents for newcomers say must be there: each file that they name exists."""

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
DOCUMENTS = [*sorted(TOP.glob("*.md")), *sorted(TOP.glob("docs/*.md"))]
NAMED = re.compile(
    r"`((?:pfmp_saas|tests|templates|docs|migrations|static|requirements)/[\w./-]*?)(?:::\w+)?`"
)
LINKED = re.compile(r"\]\((?!https?:)([^)#\s]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_each_file_that_a_document_names_exists(document):
    text = document.read_text(encoding="utf-8")
    named = [TOP / name for name in NAMED.findall(text)]
    linked = [document.parent / name for name in LINKED.findall(text)]
    assert [str(path) for path in named + linked if not path.exists()] == []


def test_the_readme_is_read_in_one_sitting():
    assert len((TOP / "README.md").read_text(encoding="utf-8").splitlines()) <= 200
