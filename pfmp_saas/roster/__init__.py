"""The pupils of an establishment, and its class lists."""
