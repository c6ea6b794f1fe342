"""The referent teacher's portal."""

from pfmp_saas.portals.teacher.views import bp

__all__ = ["bp"]
