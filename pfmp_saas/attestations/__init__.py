"""Attestations of placement, signed by the host on the last day."""
