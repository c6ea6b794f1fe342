"""Pages that need no account: the signing ceremony and the verification of a PDF."""

from pfmp_saas.portals.public import ceremony, verification

blueprints = (ceremony.bp, verification.bp)
