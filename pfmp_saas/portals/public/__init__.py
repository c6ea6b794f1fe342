"""Pages that need no account: the signing ceremony, the verification of a PDF, the checkpoints of the logs."""

from pfmp_saas.portals.public import ceremony, checkpoints, verification

blueprints = (ceremony.bp, checkpoints.bp, verification.bp)
