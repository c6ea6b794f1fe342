"""The host's half of a convention: asked by a link before anything is signed, filled from a phone, taken up field by field."""
