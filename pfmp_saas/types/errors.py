"""What can be wrong with a convention type, or with the data given to one."""


class UnknownType(LookupError):
    """No convention type has this slug."""

    def __init__(self, slug: object) -> None:
        super().__init__(f"type de convention inconnu : {slug}")
        self.slug = slug


class InvalidType(ValueError):
    """A type's own folder is wrong: an unknown placeholder, a mention that nothing carries."""


class InvalidData(ValueError):
    """Data of the wrong shape: ``path`` says where, ``reason`` what, in French."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} : {reason}")
        self.path = path
        self.reason = reason
