"""The law of placements, pure: facts of a convention, calendars, counted hours, clocks, checks, money."""
