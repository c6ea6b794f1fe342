"""Whoever holds the school's keys may certify another page than the data give: the audit renders what was frozen again."""

from dataclasses import replace

import pytest

from pfmp_saas.amendments import document
from pfmp_saas.amendments.renderings import rendering_faults
from pfmp_saas.conventions import freeze
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.documents import versions
from pfmp_saas.signing import queries
from pfmp_saas.signing.frozen import frozen_payload
from tests.support.amending import signed, signed_convention
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.pages import UAI


def codes(db):
    db.expire_all()
    return {fault.code for fault in rendering_faults(db, UAI)}


def otherwise(content, version=versions.CURRENT):
    return versions.render(replace(content, heading="CONVENTION SANS GRATIFICATION"), version)


@pytest.mark.attack
@pytest.mark.parametrize(("domain", "subject"), [(freeze, "convention:"), (document, "amendment:")])
def test_a_page_that_the_frozen_data_do_not_give_is_named(domain, subject, db, seeded, monkeypatch):
    monkeypatch.setattr(domain, "render", otherwise)
    row = signed_convention(db, seeded)
    signed(db, seeded, row)
    monkeypatch.undo()
    assert {(each.code, each.subject[: len(subject)]) for each in rendering_faults(db, UAI)} == {
        ("rendering-differs", subject)
    }


def test_an_honest_page_names_its_renderer_and_is_rendered_again_the_same(db, seeded):
    row = signed_convention(db, seeded)
    amendment = signed(db, seeded, row)
    for each in (row, amendment):
        payload = frozen_payload(db, queries.get(db, each.request_id))
        assert payload[versions.RENDERER] == versions.CURRENT
    assert codes(db) == set()


def test_what_was_frozen_without_a_version_is_of_the_first(db, draft, monkeypatch):
    monkeypatch.setattr(conventions, "render_convention", _unnamed)
    conventions.send(db, draft.id, kek=KEK, base_url="http://x", now=NOW)
    assert codes(db) == set()


def _unnamed(kind, data):
    return replace(freeze.render_convention(kind, data), version="")


@pytest.mark.attack
def test_a_version_that_never_was_is_named(db, draft, monkeypatch):
    monkeypatch.setattr(
        conventions,
        "render_convention",
        lambda *given: replace(freeze.render_convention(*given), version="9"),
    )
    conventions.send(db, draft.id, kek=KEK, base_url="http://x", now=NOW)
    assert codes(db) == {"renderer-unknown"}
