"""A view that a rule refuses: nothing written, the page again with the reason and its status."""

import pytest
from flask import g
from sqlalchemy import select

from pfmp_saas.accounts import use_cases
from pfmp_saas.accounts.models import Account
from pfmp_saas.core.errors import Conflict, DomainError, NotFound
from pfmp_saas.portals.context import session
from pfmp_saas.portals.refusals import or_show

ADDRESS = "nouvelle@lp-eiffel.example"


def answer(app, db, error=None):
    """What a view answers that writes an account and meets ``error``, called with the name « Nouvelle »."""

    @or_show(lambda error, name: f"{name} : {error.message}")
    def view(name):
        use_cases.ensure_account(session(), ADDRESS, name)
        if error:
            raise error
        return "fait"

    with app.test_request_context():
        g.session = db
        return view("Nouvelle")


def written(db):
    return db.scalar(select(Account.name).where(Account.email == ADDRESS))


def test_what_is_allowed_is_written(app, db):
    assert answer(app, db) == "fait"
    assert written(db) == "Nouvelle"


@pytest.mark.parametrize(("error", "status"), [(DomainError("Non."), 422), (Conflict("Non."), 409)])
def test_what_is_refused_is_undone_and_explained(app, db, error, status):
    assert answer(app, db, error) == ("Nouvelle : Non.", status)
    assert written(db) is None


@pytest.mark.parametrize("error", [NotFound(), ValueError("une panne")])
def test_what_is_not_there_and_what_breaks_go_on(app, db, error):
    with pytest.raises(type(error)):
        answer(app, db, error)
    assert written(db) is None
