"""Convention types as data, one folder each."""
