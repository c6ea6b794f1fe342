"""What the worker gave up, on the school's page: clean for axe on a phone, worked by keyboard, without a script."""

import re
import threading
import uuid
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.outbox import OutboxEvent
from pfmp_saas.core.retries import WorkState
from pfmp_saas.deadlines.models import DueItem
from tests.support.browser import clean
from tests.support.clock import NOW
from tests.support.pages import UAI


@contextmanager
def served(app):
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def give_up(db):
    """One piece of work of each kind that was given up."""
    tenant = db.info["tenant"]
    common = {"tenant_id": tenant, "subject_id": uuid.uuid4(), "state": WorkState.FAILED, "failed_at": NOW}
    common |= {"attempts": 14, "faults": 14, "last_error": "RuntimeError: " + "x" * 400}
    mail = {"recipient": "ana@x.example", "recipient_name": "Ana", "title": "Objet", "body": "B"}
    db.add(OutboxEvent(kind="SignerCalled", **common))
    db.add(DueItem(kind="unsigned", occurrence="1", due_at=NOW, **common))
    db.add(OutgoingMail(kind="test", occurrence="1", message_id="<1@x>", **mail, **common))
    db.commit()


@pytest.mark.browser
def test_what_was_given_up_is_read_and_tried_again_by_keyboard(app, db, page):
    give_up(db)
    with served(app) as base:
        page.goto(f"{base}/demo")
        page.get_by_role("button", name=re.compile("Entrer comme Chantal Roy")).first.press("Enter")
        page.goto(f"{base}/ecole/{UAI}/suivi")
        clean(page)
        page.get_by_role("button", name=re.compile("Réessayer : Courriel")).press("Enter")
        expect(page.get_by_text("Le courriel repart.")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^Réessayer"))).to_have_count(2)
        page.get_by_role("button", name="Tout réessayer").press("Enter")
        expect(page.get_by_text("Tout repart.")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("réessayer", re.IGNORECASE))).to_have_count(0)
