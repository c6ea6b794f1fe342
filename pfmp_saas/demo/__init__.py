"""The demonstration: its data, its servers from wheels, its routes."""
