"""Logos: what a school uploads, judged by its content and made again from its pixels only."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 500_000
"""Bytes of an uploaded logo."""
MOST_PIXELS = 16_000_000
WIDTH, HEIGHT = 600, 400
"""Pixels of a kept logo, at most."""


class InvalidImage(ValueError):
    """A logo that cannot be taken; says why, in French."""


def checked_logo(data: bytes) -> bytes:
    """Return ``data`` (PNG or JPEG, 500 kB at most) as a small PNG without metadata; the same input, the same bytes.

    Raises InvalidImage for another format, too many pixels, an animation, a damaged file.
    """
    if len(data) > LARGEST:
        raise InvalidImage(f"Le logo dépasse {LARGEST // 1000} ko : réduisez-le.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # what a damaged EXIF is told by; it is not kept
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
                return _small(image)
    except UnidentifiedImageError:
        raise InvalidImage("Ce fichier n’est ni un PNG ni un JPEG.") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise InvalidImage("Cette image a trop de pixels.") from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, InvalidImage):
            raise
        raise InvalidImage("Cette image est abîmée : elle ne s’ouvre pas jusqu’au bout.") from None


def _small(image: Image.Image) -> bytes:
    if image.width * image.height > MOST_PIXELS:
        raise InvalidImage("Cette image a trop de pixels.")
    if getattr(image, "n_frames", 1) > 1:
        raise InvalidImage("Une image animée ne s’imprime pas.")
    pixels = ImageOps.exif_transpose(image).convert("RGBA")  # a photograph stands upright without its EXIF
    pixels.thumbnail((WIDTH, HEIGHT))
    plain = Image.new("RGBA", pixels.size)
    plain.paste(pixels)
    kept = io.BytesIO()
    plain.save(kept, "PNG", optimize=False, compress_level=9)
    return kept.getvalue()
