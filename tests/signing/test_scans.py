"""Scans of signed papers, judged by their content: no database, no page."""

import pytest

from pfmp_saas.core.errors import DomainError
from pfmp_saas.signing.scans import FIELD, read_scan
from tests.support.papers import ALSO_GOOD, BAD, DAMAGED, GOOD

MEDIA_TYPES = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@pytest.mark.parametrize("name", [*GOOD, *ALSO_GOOD])
def test_a_whole_file_is_taken_as_it_is(name):
    content = (GOOD | ALSO_GOOD)[name]
    scan = read_scan(content)
    expected = next(media_type for start, media_type in MEDIA_TYPES.items() if content.startswith(start))
    assert (scan.content, scan.media_type) == (content, expected)


@pytest.mark.parametrize("name", [*BAD, *DAMAGED])
def test_what_is_no_whole_file_is_refused_in_french_beside_the_field(name):
    content, why = (BAD | DAMAGED)[name]
    with pytest.raises(DomainError, match=why) as refused:
        read_scan(content)
    assert refused.value.field == FIELD
