"""Reactions across domains to what the outbox says."""
