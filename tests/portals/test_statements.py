"""What the service says of itself answers without signing in, and names who runs it."""

from dataclasses import replace

import pytest

from pfmp_saas.app import create_app
from tests.support.clock import still


@pytest.mark.parametrize(("path", "said"), [
    ("/accessibilite", "non conforme"), ("/confidentialite", "10 ans après sa clôture"),
    ("/confidentialite", "vaut 30 jours"), ("/mentions-legales", "PFMP_PUBLISHER"),
])  # fmt: skip
def test_a_page_answers_without_signing_in(app, path, said):
    answer = app.test_client().get(path)
    assert (answer.status_code, said in answer.text) == (200, True)
    for link in ("/accessibilite", "/confidentialite", "/mentions-legales"):
        assert f'href="{link}"' in answer.text


def test_the_operator_s_particulars_are_shown_and_escaped(settings):
    told = replace(
        settings, publisher="Région <b>", hosted_by="Hébergeur, Dijon", contact="aide@pfmp.example"
    )
    text = create_app(told, still).test_client().get("/mentions-legales").text
    assert "Région &lt;b&gt;" in text
    assert "Hébergeur, Dijon" in text
    assert "mailto:aide@pfmp.example" in text
