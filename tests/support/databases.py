"""What tests know of their databases: the key that wraps keys, and how to name one."""

KEK = bytes(range(32))


def database_name(url: str) -> str:
    """Return the name of the database that an address leads to."""
    return url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
