"""The school in a page's address: kept by the guard for the request, named by itself in every address of the page."""

import inspect
import re

from flask import g, url_for

from tests.support.pages import UAI, page

ELSEWHERE = "0700827U"


def test_no_view_takes_the_school_as_an_argument(app):
    takers = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if "uai" in inspect.signature(view).parameters
    }
    assert takers == set()


def test_every_link_of_a_school_page_stays_in_the_school(office):
    links = set(re.findall(r'(?:href|action)="(/[^"]*)"', page(office.get(f"/ecole/{UAI}/"))))
    inside = {link for link in links if re.match(r"/[a-z]+/[0-9]{7}[A-Z]", link)}
    assert len(inside) > 5
    assert {link.split("/")[2] for link in inside} == {UAI}


def test_an_address_that_names_its_school_keeps_it(app):
    with app.test_request_context():
        g.uai = UAI
        assert url_for("school.today") == f"/ecole/{UAI}/"
        assert url_for("company.inbox") == "/entreprise"
        assert url_for("school.today", uai=ELSEWHERE) == f"/ecole/{ELSEWHERE}/"
