"""A school's own revisions of a convention type: derived, compared, adopted, and bound to its conventions."""
