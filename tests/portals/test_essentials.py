"""What a signer reads before the document says what the document says."""

import json

import pytest

from pfmp_saas.portals.public.essentials import facts, hours_in_words
from tests.support.browser import TOP
from tests.support.pages import page


@pytest.mark.parametrize(
    ("week", "told"),
    [
        ({}, ""),
        ({"monday": [["08:00", "12:00"]]}, "lundi, 8 h – 12 h · 4 h par semaine"),
        (
            {
                day: [["08:00", "12:00"], ["13:30", "16:30"]]
                for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
            },
            "lundi à vendredi, 8 h – 12 h et 13 h 30 – 16 h 30 · 35 h par semaine",
        ),
        (
            {
                "tuesday": [["09:00", "17:00"]],
                "wednesday": [["09:00", "17:00"]],
                "saturday": [["08:30", "12:15"]],
            },
            "mardi et mercredi, 9 h – 17 h ; samedi, 8 h 30 – 12 h 15 · 19 h 45 par semaine",
        ),
        (
            {
                "monday": [["08:00", "12:00"]],
                "tuesday": [["08:00", "12:30"]],
                "wednesday": [["08:00", "12:00"]],
            },
            "lundi, 8 h – 12 h ; mardi, 8 h – 12 h 30 ; mercredi, 8 h – 12 h · 12 h 30 par semaine",
        ),
    ],
)
def test_a_week_in_words(week, told):
    assert hours_in_words(week).replace("\N{NO-BREAK SPACE}", " ") == told


def test_the_essentials_of_each_kind_of_convention_are_those_of_its_file(app):
    for path in sorted((TOP / "tests" / "data").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or "host" not in data:
            continue
        with app.test_request_context():
            told = dict(facts(data))
        assert data["host"]["name"] in told["Où"], path
        assert data["tutor"]["name"] in told["Tuteur"], path
        assert data["student"]["last_name"] in told["Élève"], path


def test_nothing_of_an_empty_draft_breaks_the_page(app):
    with app.test_request_context():
        assert dict(facts({"activities": "Accueil", "works": []})) == {"Missions": "Accueil"}


def test_the_signing_page_shows_them(app, ceremony):
    _, url, *_ = ceremony
    shown = page(app.test_client().get(url))
    assert "Garage Bourgogne" in shown
    assert "par semaine" in shown
