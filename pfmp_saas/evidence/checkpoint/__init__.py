"""Checkpoints: signed notes that say how long a school's log is; they leave the house."""
