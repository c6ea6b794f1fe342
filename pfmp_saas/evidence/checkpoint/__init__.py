"""Checkpoints: signed notes that say how long a school's log is. Others than the operator keep them."""
