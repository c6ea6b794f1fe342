"""The platform operator's portal."""

from pfmp_saas.portals.platform.views import bp

__all__ = ["bp"]
