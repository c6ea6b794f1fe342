"""Amendments (avenants): what the parties of a signed convention agree to change, signed by all of them."""
