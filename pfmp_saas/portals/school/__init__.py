"""The school's portal."""

from pfmp_saas.portals.school import (
    amendments,
    articles,
    campaigns,
    editing,
    failures,
    followup,
    overrides,
    paper,
    papers,
    parts,
    reuse,
    revisions,
    roster,
    staff,
    to_sign,
    today,
    views,
)
from pfmp_saas.portals.school.blueprint import bp

__all__ = [
    "amendments",
    "articles",
    "bp",
    "campaigns",
    "editing",
    "failures",
    "followup",
    "overrides",
    "paper",
    "papers",
    "parts",
    "reuse",
    "revisions",
    "roster",
    "staff",
    "to_sign",
    "today",
    "views",
]
