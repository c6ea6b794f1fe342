"""What the service says of itself answers without signing in, and names who runs it."""

from dataclasses import replace

import pytest

from pfmp_saas.app import create_app
from pfmp_saas.portals.public.statements import THEMES
from tests.support.browser import TOP
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


def test_the_declaration_speaks_of_each_criterion_of_rgaa_once_and_names_tests_that_are_there(app):
    counts = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # RGAA 4.1, its thirteen themes
    for rank, (theme, count) in enumerate(zip(THEMES, counts, strict=True), 1):
        numbers = [number for each in theme["criteria"] for number in each["numbers"].split()]
        assert sorted(numbers) == sorted(f"{rank}.{each}" for each in range(1, count + 1)), theme["name"]
    held = [each for theme in THEMES for each in theme["criteria"] if each["verdict"] == "test"]
    assert held
    assert all((TOP / each["test"]).is_file() for each in held)
    page = app.test_client().get("/accessibilite").text
    assert all(theme["name"] in page for theme in THEMES)
