"""The school's portal."""

from pfmp_saas.portals.school import views
from pfmp_saas.portals.school.blueprint import bp

__all__ = ["bp", "views"]
