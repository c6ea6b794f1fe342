"""PFMP SaaS: conventions for placements of French vocational pupils."""
