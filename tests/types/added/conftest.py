"""A directory of types with one more, in use, and a draft of a school that took it."""

import json
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.types.loader import OURS, use_directory
from tests.support.clock import NOW
from tests.support.new_type import MODEL, SLUG
from tests.support.pages import UAI


@pytest.fixture
def directory(tmp_path):
    """A directory in use with one more type: ours of 2016, with its own name, articles to cite and field."""
    folder = tmp_path / "types" / "whatever"
    shutil.copytree(OURS / "national_2016", folder)
    whole = json.loads((folder / "type.json").read_text(encoding="utf-8"))
    rules = {"model": MODEL, "articles": {"minor-hours": [8, 9]}, "counts_sequences": True}
    whole |= {"slug": SLUG, "version": "2027.1", "heading": "Convention de stage en cuisine", "rules": rules}
    whole |= {"accident_regime": "agricultural"}
    (folder / "type.json").write_text(json.dumps(whole), encoding="utf-8")
    field = {"host.kitchen": {"path": "host.kitchen", "label": "Cuisine et couverts"}}
    (folder / "fields.json").write_text(json.dumps(field), encoding="utf-8")
    header = json.loads((folder / "header.json").read_text(encoding="utf-8"))
    header.append({"kind": "fields", "items": [{"label": "Cuisine :", "value": "{host.kitchen}"}]})
    (folder / "header.json").write_text(json.dumps(header), encoding="utf-8")
    use_directory(tmp_path / "types")
    yield tmp_path / "types"
    use_directory(None)


@pytest.fixture
def settings(settings, directory):
    return replace(settings, types_directory=directory)


@pytest.fixture
def draft(seeded, session_factory, operator):
    """A draft of a school that took the new type, filled as the demonstration's own."""
    with operator.begin() as connection:
        connection.execute(text("update establishments set type_slug = :slug"), {"slug": SLUG})
    with session_factory.begin() as session:
        enter_tenant(session, tenants.by_uai(session, UAI).id)
        model = session.scalars(select(Convention).where(Convention.state == "draft")).one()
        row = conventions.create_draft(session, student_id=model.student_id, created_by=None, now=NOW)
        changes = {
            **model.data,
            "type": SLUG,
            "host": {**model.data["host"], "kitchen": "Brasserie, 80 couverts"},
        }
        conventions.save(session, row.id, changes)
        return row
