"""Bytes to text: which of the encodings that school machines write makes names out of them.

UTF-8 and UTF-16 show themselves. Of the others each byte is some character: a wrong guess gives « BŽranger » for
« Béranger ». Each candidate is judged by its letters beside one another; where two are as likely, nobody is guessed.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SINGLE_BYTE = ("cp1252", "iso8859_15", "mac_roman", "cp850")
"""The encodings of Windows, of SIECLE, of old Macs and of MS-DOS."""
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæ")
_NEAR = frozenset("ñáíóúãõ")
"""Letters of names that came from Spain and Portugal: less often met."""
_SIGNS = frozenset("«»°€’…–—·\N{NO-BREAK SPACE}")
_GOOD, _FAIR, _BAD = 2, 1, -3
_FOREIGN = re.compile(r"[^\x00-\x7f]")


class UnknownEncoding(ValueError):
    """No encoding, or more than one, makes names of these bytes; ``line`` is the first that tells nothing."""

    def __init__(self, line: int) -> None:
        super().__init__(
            "les accents ne se lisent pas : enregistrez le fichier au format « CSV UTF-8 », ou dites son encodage"
        )
        self.line = line


def decoded(content: bytes, said: str = "") -> str:
    """Return a file's text, by the encoding ``said`` where one is. Raises UnknownEncoding."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if said in SINGLE_BYTE:
        return _strictly(content, said)
    if content[:200].count(b"\0") > len(content[:200]) // 3:
        return _strictly(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _most_likely(content)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding(_line(content, error.start)) from None


def _most_likely(content: bytes) -> str:
    """Return the reading with the best letters; the same text by two encodings is one reading."""
    scores: dict[str, int] = {}
    for encoding in SINGLE_BYTE:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        scores[text] = _score(text)
    ranked = sorted(scores.items(), key=lambda each: -each[1])
    best = ranked[0]
    if best[1] < 0 or (len(ranked) > 1 and ranked[1][1] == best[1]):
        raise UnknownEncoding(_line(content, next(at for at, byte in enumerate(content) if byte > 127)))
    return best[0]


def _line(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _score(text: str) -> int:
    """Judge the letters that are not ASCII, each between its neighbours."""
    around = f" {text} "
    places = (found.start() for found in _FOREIGN.finditer(around))
    return sum(_letter(around[place - 1], around[place], around[place + 1]) for place in places)


def _letter(before: str, here: str, after: str) -> int:
    if here in _SIGNS:
        return 0
    if here.lower() not in _FRENCH | _NEAR:
        return _BAD
    if here.isupper() and before.islower():
        return _BAD
    if here.isupper() and after.islower() and before.isalpha():
        return _BAD
    if here.islower() and before.isupper() and after.isupper():
        return _BAD
    return _GOOD if here.lower() in _FRENCH else _FAIR
