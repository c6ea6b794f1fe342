"""One way to ask a server of the outside: a timestamp authority, a witness."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import Request, urlopen


def post(url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, largest: int) -> bytes:
    """Return what a server answers to ``body``, ``largest`` bytes at most, within ``timeout`` seconds.

    Raises ValueError for an address that is not HTTP, OSError or HTTPException when no answer comes.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError("l’adresse n’est pas une adresse HTTP")
    with urlopen(Request(url, body, dict(headers)), timeout=timeout) as answer:  # noqa: S310 - HTTP alone, as checked
        return bytes(answer.read(largest))
