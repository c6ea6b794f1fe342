"""Accidents: record and declare in time."""
