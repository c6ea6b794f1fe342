"""The hosts that a school knows: one sheet a SIRET, their declarations, who was taken, merged when known twice."""
