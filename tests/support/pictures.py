"""Small pictures made on the spot, and the lines printed beside them."""

import io
from typing import Any

from PIL import Image


def png(width: int, height: int) -> bytes:
    """Return a blue rectangle as a PNG."""
    kept = io.BytesIO()
    Image.new("RGB", (width, height), (10, 72, 160)).save(kept, "PNG")
    return kept.getvalue()


LINES = ("Académie de Toulouse", "Région Occitanie")


def drawn(kind: str, size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: Any) -> bytes:
    kept = io.BytesIO()
    Image.linear_gradient("L").rotate(30).resize(size).convert("RGB").convert(mode).save(
        kept, kind, **options
    )
    return kept.getvalue()
