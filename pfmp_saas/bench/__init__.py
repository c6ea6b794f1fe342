"""What things cost here, measured beside what others take for the same."""
