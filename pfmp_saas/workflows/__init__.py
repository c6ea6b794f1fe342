"""Reactions to events, across domains."""
