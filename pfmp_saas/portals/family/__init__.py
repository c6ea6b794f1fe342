"""The family's portal."""

from pfmp_saas.portals.family.views import bp

__all__ = ["bp"]
