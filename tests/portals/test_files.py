"""A file as an answer: shown or attached, named safely, kept by no cache."""

import pytest

from pfmp_saas.portals.files import attached_file, shown_file

CONTENT = b"%PDF-1.7\n..."


def answer(app, make, *values):
    with app.test_request_context():
        response = make(*values)
        response.direct_passthrough = False
        return response


def test_a_pdf_is_shown_and_kept_by_no_cache(app):
    response = answer(app, shown_file, CONTENT, "convention.pdf")
    assert (response.data, response.content_length) == (CONTENT, len(CONTENT))
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == "inline; filename=convention.pdf"
    assert response.headers["Cache-Control"] == "no-store"


def test_an_attachment_is_never_opened_in_a_page(app):
    response = answer(app, attached_file, CONTENT, "preuve.zip", "application/zip")
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"] == "attachment; filename=preuve.zip"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", 'a"; filename="b.exe', "a\r\nSet-Cookie: x=1", "attestation de Zoé.pdf", "a/b\\c"],
)
def test_a_name_is_only_a_name(app, name):
    header = answer(app, attached_file, CONTENT, name, "text/plain").headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert not set('"/\\\r\n; ') & set(header.removeprefix("attachment; "))
