"""The demonstration: every school has a convention that is ready to send."""

import pytest
from sqlalchemy import select

from pfmp_saas.conventions import judging
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.tenants.queries import by_uai


@pytest.mark.parametrize(
    ("uai", "slug"), [("0211033J", "national-2016"), ("0700827U", "agricole"), ("0090015T", "lycee-pyrene")]
)
def test_each_school_has_a_draft_that_nothing_blocks(seeded, session_factory, uai, slug):
    with session_factory() as session:
        enter_tenant(session, by_uai(session, uai).id)
        draft = session.scalars(select(Convention).where(Convention.state == "draft")).one()
        assert draft.type_slug == slug
        assert [
            found.message for found in judging.findings(session, draft) if found.severity == "block"
        ] == []
