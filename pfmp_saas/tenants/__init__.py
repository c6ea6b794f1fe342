"""Establishments, by their UAI number: the tenants."""
