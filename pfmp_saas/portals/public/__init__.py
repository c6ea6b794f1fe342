"""Pages that need no account: the signing ceremony, the verification of a PDF, the checkpoints of the logs, what the service says of itself."""

from pfmp_saas.portals.public import (
    ceremony,
    checkpoints,
    halves,
    looks,
    remarks,
    searches,
    statements,
    verification,
)

__all__ = ["blueprints", "remarks"]  # remarks adds its routes to the ceremony's

blueprints = (ceremony.bp, checkpoints.bp, halves.bp, looks.bp, searches.bp, statements.bp, verification.bp)
