"""A school year, lived in minutes with the time passed in: `make year` (see `__main__`)."""
