"""Append-only events, their chain, and the verification of sealed documents."""
