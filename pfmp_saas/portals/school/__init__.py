"""The school's portal."""

from pfmp_saas.portals.school import editing, followup, overrides, reuse, revisions, roster, to_sign, views
from pfmp_saas.portals.school.blueprint import bp

__all__ = [
    "bp",
    "editing",
    "followup",
    "overrides",
    "reuse",
    "revisions",
    "roster",
    "to_sign",
    "views",
]
