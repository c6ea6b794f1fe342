"""The convention: facts, checks, states, use cases."""
