"""The pfmp command."""
