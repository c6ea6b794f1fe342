"""What can be wrong with a convention type."""


class UnknownType(LookupError):
    """No convention type has this slug."""

    def __init__(self, slug: object) -> None:
        super().__init__(f"type de convention inconnu : {slug}")
        self.slug = slug


class InvalidType(ValueError):
    """A type's own folder is wrong: an unknown placeholder, a mention that nothing carries."""
