"""Frozen inputs to PDF bytes, and the sealing of those bytes."""
