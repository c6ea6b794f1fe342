"""Thin RQ wrappers and the schedule."""
