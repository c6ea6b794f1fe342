"""Pictures from outside, judged by their content: logos, made again from their pixels only, and scans."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 500_000
"""Bytes of an uploaded logo."""
MOST_PIXELS = 16_000_000
"""Pixels of an uploaded logo."""
MOST_SCANNED = 40_000_000
"""Pixels of a scan: an A4 page at 600 dots an inch has 35 million."""
WIDTH, HEIGHT = 600, 400
"""Pixels of a logo as it is stored, at most."""
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
_JPEG_END = b"\xff\xd9"
_EIGHTH = (1, 1)  # asked for, it gives the smallest scale at which a JPEG decodes


class InvalidImage(ValueError):
    """A picture that cannot be taken; says why, in French."""


class TooManyPixels(InvalidImage):
    """A picture whose pixels would take too much memory; it was not decoded."""


def checked_logo(data: bytes) -> bytes:
    """Return ``data`` (PNG or JPEG, 500 kB at most) as a small PNG without metadata; the same input, the same bytes.

    Raises InvalidImage for another format, too many pixels, an animation, a damaged file.
    """
    if len(data) > LARGEST:
        raise InvalidImage(f"Le logo dépasse {LARGEST // 1000} ko : réduisez-le.")
    with _opened(io.BytesIO(data), MOST_PIXELS) as image:
        return _small(image)


def check_whole(data: bytes) -> None:
    """Raise InvalidImage unless ``data`` is one PNG or JPEG that decodes to its last pixel, with nothing behind it."""
    stream = io.BytesIO(data)
    with _opened(stream, MOST_SCANNED) as image:
        kind = image.format
        image.verify()  # the checksums of a PNG, as far as the name of its last part; nothing of a JPEG
    ends = data[stream.tell() - 8 :] == _PNG_END if kind == "PNG" else data.rstrip(b"\0").endswith(_JPEG_END)
    if not ends:
        raise InvalidImage("Cette image est incomplète, ou d’autres octets la suivent.")
    with _opened(stream, MOST_SCANNED) as image:
        image.draft(image.mode, _EIGHTH)  # a JPEG is read whole, and takes a sixty-fourth of the memory
        image.load()


@contextmanager
def _opened(stream: io.BytesIO, most_pixels: int) -> Iterator[Image.Image]:
    """Open a PNG or a JPEG; whatever Pillow raises until it is closed becomes InvalidImage."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Pillow warns of a damaged EXIF, which is not read
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream, formats=("PNG", "JPEG")) as image:
                if image.width * image.height > most_pixels:
                    raise TooManyPixels("Cette image a trop de pixels.")
                yield image
    except UnidentifiedImageError:
        raise InvalidImage("Ce fichier n’est ni un PNG ni un JPEG.") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise TooManyPixels("Cette image a trop de pixels.") from None
    except InvalidImage:
        raise
    except (OSError, SyntaxError, ValueError):
        raise InvalidImage("Cette image est abîmée : elle ne s’ouvre pas jusqu’au bout.") from None


def _small(image: Image.Image) -> bytes:
    if getattr(image, "n_frames", 1) > 1:
        raise InvalidImage("Une image animée ne s’imprime pas.")
    pixels = ImageOps.exif_transpose(image).convert("RGBA")  # a photograph stands upright without its EXIF
    pixels.thumbnail((WIDTH, HEIGHT))
    plain = Image.new("RGBA", pixels.size)
    plain.paste(pixels)
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=False, compress_level=9)
    return out.getvalue()
