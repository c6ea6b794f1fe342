"""The student's evaluation of the host, for the school only."""
