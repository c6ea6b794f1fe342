"""The words of a signature on the page, and how they are drawn. The verifier draws them again and compares every byte.

It imports nothing of the service, since the standalone verifier carries it.
"""

import unicodedata
from collections.abc import Callable, Container
from dataclasses import dataclass

_MARGIN = 4.0  # points
_LINES = ((9.0, "0.05 0.15 0.35"), (7.5, "0.2 0.2 0.2"), (7.0, "0.2 0.2 0.2"), (6.0, "0.35 0.35 0.35"))
_LEADING = 1.25
Encode = Callable[[str], tuple[str, int]]
"""From words to their glyphs in hexadecimal, and their width in thousandths of the size."""


@dataclass(frozen=True)
class Appearance:
    """The words of a signature on the page; ``when_local_text`` is already in the school's zone, in French."""

    name: str
    capacity: str
    when_local_text: str
    fingerprint: str

    @property
    def lines(self) -> tuple[str, str, str, str]:
        """Return the lines written in the field, from the largest letters to the smallest."""
        capacity = f"en qualité de {self.capacity}" if self.capacity else ""
        return self.name, capacity, f"Signé le {self.when_local_text}", f"Empreinte {self.fingerprint}"


@dataclass(frozen=True)
class PaperAppearance:
    """The words of the seal put by the person who saw a paper signature: the signer used no key of his or her own.

    ``name`` and ``role`` are those of who saw the original; ``signer``, ``capacity`` and ``signed_on`` (13/01/2027)
    are the paper's.
    """

    name: str
    role: str
    signer: str
    capacity: str
    signed_on: str
    when_local_text: str
    fingerprint: str

    @property
    def lines(self) -> tuple[str, str, str, str]:
        """Return the lines written in the field, from the largest letters to the smallest."""
        return (
            f"Signé sur papier le {self.signed_on}",
            f"par {self.signer}, {self.capacity}",
            f"Original vu par {self.name} ({self.role})",
            f"le {self.when_local_text}, empreinte du scan {self.fingerprint}",
        )


@dataclass(frozen=True)
class CarriedAppearance:
    """The words of the school's seal over a signature that was given on an earlier version and that nobody opposed carrying.

    ``name`` is the school's; ``signed_on`` (13/01/2027) is the day of that signature, ``version`` and ``act`` begin the
    hashes of what was signed and of its event.
    """

    name: str
    signer: str
    capacity: str
    signed_on: str
    version: str
    when_local_text: str
    act: str

    @property
    def lines(self) -> tuple[str, str, str, str]:
        """Return the lines written in the field, from the largest letters to the smallest."""
        return (
            f"Signé le {self.signed_on}, signature reportée",
            f"par {self.signer}, {self.capacity}",
            f"sur la version précédente {self.version}",
            f"reportée le {self.when_local_text}, acte {self.act}",
        )


def drawn_content(
    shown: Appearance | PaperAppearance | CarriedAppearance, width: float, height: float, encode: Encode
) -> bytes:
    """Return the content stream for a box of that size in points; long words are set smaller, never cut."""
    shrink = min(1.0, (height - 2 * _MARGIN) / sum(size * _LEADING for size, _ in _LINES))
    parts = [f"q 0.6 w 0.45 0.55 0.7 RG 0.3 0.3 {width - 0.6:.2f} {height - 0.6:.2f} re S"]
    top = height - _MARGIN
    for text, (size, colour) in zip(shown.lines, _LINES, strict=True):
        glyphs, advance = encode(text)
        fitted = min(size * shrink, (width - 2 * _MARGIN) * 1000 / max(advance, 1))
        top -= size * shrink * _LEADING
        parts.append(
            f"BT /F {fitted:.2f} Tf {colour} rg {_MARGIN} {top + 2 * shrink:.2f} Td <{glyphs}> Tj ET"
        )
    return ("\n".join(parts) + "\nQ").encode("ascii")


def writable(words: str, glyphs: Container[str]) -> str:
    """Replace what a font lacks by its base letter, or by a question mark."""
    letters = []
    for letter in unicodedata.normalize("NFC", words):
        base = unicodedata.normalize("NFKD", letter)[:1]
        letters.append(letter if letter in glyphs else base if base in glyphs else "?")
    return "".join(letters)
