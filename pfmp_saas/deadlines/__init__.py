"""Calendars, counted hours, legal clocks, and the table of what falls due."""
