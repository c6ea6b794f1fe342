"""The host's portal."""

from pfmp_saas.portals.company.views import bp

__all__ = ["bp"]
