"""What tests know of their databases: the key that wraps keys, and how to name one."""

KEK = bytes(range(32))


def database_name(url):
    """Return the name of the database that an address leads to."""
    return url.split("?")[0].rsplit("/", 1)[1]
