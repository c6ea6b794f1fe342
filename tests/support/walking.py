"""Walking every route of the application with the identifiers of one school's objects."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from pfmp_saas.accounts.models import Account
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import Base, enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.queries import request_of
from pfmp_saas.tenants.queries import by_uai
from tests.support.pages import TEACHER, UAI

STRINGS = {
    "digest": "0123456789abcdef",
    "step": "eleve",
    "kind": "csv",
    "other_id": "00000000-0000-4000-8000-000000000000",  # merged into the first: tests/roster/test_pages.py
    "size": "1",
    "role": "referent",
    "what": "correction",
    "name": "000001",
    "part": "0",
    "section": "en-tete",
    "number": "5",
    "factor_id": "00000000-0000-4000-8000-000000000000",  # its owner's alone: tests/accounts/test_second_factor_pages.py
    "account_session_id": "00000000-0000-4000-8000-000000000000",  # its owner's alone: tests/accounts/test_sessions.py
}
"""Values for the arguments that name no row. An argument that is neither here nor a row's fails the test."""


def row_of(session_factory: sessionmaker[Session], name: str) -> uuid.UUID:
    """The identifier of one of our rows of the class that an argument names (``signer_id``: a Signer), Hugo's first."""
    metadata()
    wanted = "".join(part.capitalize() for part in name.removesuffix("_id").split("_"))
    classes = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    assert wanted in classes, f"no model {wanted}: rename the argument {name}, or add it to STRINGS"
    model: Any = classes[wanted]
    with session_factory() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        hugo = session.scalars(select(Convention).where(Convention.student_name == "Hugo Morel")).one()
        if model is Account:
            return session.scalars(select(Account.id).where(Account.email == TEACHER)).one()
        request = request_of(session, "convention", hugo.id)
        assert request is not None  # it was sent
        query = select(model.id)
        if model is Convention:
            query = query.where(model.id == hugo.id)
        elif model is SignatureRequest:
            query = query.where(model.id == request.id)
        elif hasattr(model, "convention_id"):
            query = query.where(model.convention_id == hugo.id)
        elif hasattr(model, "request_id"):
            query = query.where(model.request_id == request.id)
        found: uuid.UUID | None = session.scalars(query).first()
        assert found is not None, f"our school has no {wanted}: make one in the fixture `world`"
        return found


def public(app: Flask, rule: Rule) -> bool:
    """Whether the view says why it is open to anyone: what it shows belongs to no school alone."""
    return bool(getattr(app.view_functions[rule.endpoint], "public_because", None))


def routes(app: Flask, only: Callable[[Rule], bool] | None = None) -> Iterator[tuple[Rule, str]]:
    """Each (rule, method) that an application serves, GET and POST."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if only is not None and public(app, rule):
            continue
        if only is None or only(rule):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def address(app: Flask, rule: Rule, uai: str, session_factory: sessionmaker[Session]) -> str:
    """The rule's address, filled with our objects under ``uai``."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        if name == "uai":
            values[name] = uai
        elif name in STRINGS:
            values[name] = STRINGS[name]
        else:
            values[name] = row_of(session_factory, name)
    with app.test_request_context():
        return app.url_map.bind("pfmp.example").build(rule.endpoint, values, append_unknown=False)
