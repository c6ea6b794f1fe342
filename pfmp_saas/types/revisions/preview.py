"""A revision as it would print, with sample people."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.documents.convention import render
from pfmp_saas.types.compose import compose
from pfmp_saas.types.revisions.models import TypeRevision
from pfmp_saas.types.revisions.use_cases import kind_of


def sample() -> dict[str, Any]:
    """Return the sample people, in the shape of the contract's FILE.json, without type or school."""
    text = Path(__file__).with_name("sample.json").read_text(encoding="utf-8")
    people: dict[str, Any] = json.loads(text)
    return people


def sample_pdf(session: Session, row: TypeRevision, school: dict[str, Any]) -> bytes:
    """Render a revision with the school's own header and sample people. Raises InvalidType."""
    data = {**sample(), "type": row.base_slug, "school": school}
    return render(compose(kind_of(session, row), data)).pdf
