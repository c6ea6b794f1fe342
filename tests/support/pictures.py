"""Small pictures made on the spot."""

import io

from PIL import Image


def png(width: int, height: int) -> bytes:
    """Return a blue rectangle as a PNG."""
    kept = io.BytesIO()
    Image.new("RGB", (width, height), (10, 72, 160)).save(kept, "PNG")
    return kept.getvalue()
