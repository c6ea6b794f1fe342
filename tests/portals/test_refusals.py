"""A view that a rule refuses: nothing written, the page again with the reason and its status."""

import pytest
from sqlalchemy import select

from pfmp_saas.accounts import use_cases
from pfmp_saas.accounts.models import AskedLink
from pfmp_saas.core.errors import Conflict, DomainError, NotFound
from pfmp_saas.core.permissions import public
from pfmp_saas.portals.context import now, session
from pfmp_saas.portals.refusals import or_show

ADDRESS = "nouvelle@lp-eiffel.example"


def answer(app, error=None):
    """The answer of a whole request whose view writes a row and meets ``error``."""

    @public("a view of this test")
    @or_show(lambda error, name: f"{name} : {error.message}")
    def view(name):
        use_cases.ask_link(session(), ADDRESS, now())
        if error:
            raise error
        return "fait"

    app.add_url_rule("/essai/<name>", view_func=view)
    return app.test_client().get("/essai/Nouvelle")


def written(db):
    return db.scalar(select(AskedLink.email))


def test_what_is_allowed_is_written(app, db):
    assert answer(app).text == "fait"
    assert written(db) == ADDRESS


@pytest.mark.parametrize(("error", "status"), [(DomainError("Non."), 422), (Conflict("Non."), 409)])
def test_what_is_refused_is_undone_and_explained(app, db, error, status):
    refused = answer(app, error)
    assert (refused.text, refused.status_code) == ("Nouvelle : Non.", status)
    assert written(db) is None


@pytest.mark.parametrize(("error", "status"), [(NotFound(), 404), (ValueError("une panne"), 500)])
def test_what_is_not_there_and_what_breaks_have_a_page_of_their_own(app, db, error, status):
    assert answer(app, error).status_code == status
    assert written(db) is None
