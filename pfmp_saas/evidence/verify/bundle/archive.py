"""The proof bundle's ZIP: members stored as they are, in one layout, so that the same pieces give the same bytes.

Reading accepts that layout and nothing else. Nothing is ever decompressed, no name leads outside the list, and the
archive is written again from what was read and compared byte for byte: no member twice, nothing between the members
or behind them, no directory that tells another story than the members do.
"""

import struct
import zlib
from collections.abc import Mapping

from pfmp_saas.evidence.verify.file.structure import MAX_BYTES
from pfmp_saas.evidence.verify.report import Unreadable

READ_ME = "LISEZMOI.html"
MANIFEST = "preuve.json"
FINAL_PDF = "convention.pdf"
EVENTS = "evenements.jsonl"
INCLUSION = "inclusion.json"
CHECKPOINT = "releve.txt"
CHECKPOINT_STAMP = "releve.tsr"
SECOND_STAMP = "releve-2.tsr"
CONSISTENCY = "coherence.json"
CERTIFICATES = "certificats.pem"
VERIFIER = "verifier.py"
MOST_SCANS = 9
SCAN_BYTES = 10 << 20
"""How many paper signatures a bundle may carry, and how large the scan of each may be."""
SCANS = tuple(f"papier-{rank}.{kind}" for rank in range(1, MOST_SCANS + 1) for kind in ("pdf", "png", "jpg"))
"""The names of scans: the rank is the signer's, from 1."""
VERSIONS = tuple(f"version-{rank}.pdf" for rank in range(1, 10))
"""The names of the versions before, where a signature is carried over from them, as they were when they were replaced."""
# In the order of the archive: what a person opens first comes first.
LARGEST = {
    READ_ME: 1 << 20,
    MANIFEST: 1 << 16,
    FINAL_PDF: MAX_BYTES,
    EVENTS: 4 << 20,
    INCLUSION: 4 << 20,
    CHECKPOINT: 1 << 16,
    CHECKPOINT_STAMP: 1 << 16,
    SECOND_STAMP: 1 << 16,
    CONSISTENCY: 4 << 20,
    CERTIFICATES: 1 << 20,
    VERIFIER: 1 << 20,
    **dict.fromkeys(SCANS, SCAN_BYTES),
    **dict.fromkeys(VERSIONS, MAX_BYTES),
}
OPTIONAL = frozenset({CHECKPOINT_STAMP, SECOND_STAMP, *SCANS, *VERSIONS})
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END_OF_ZIP = struct.Struct("<4s4H2LH")
_VERSION, _UNIX, _FIRST_DAY, _PLAIN_FILE = 20, 3 << 8, 0x21, 0o100644 << 16


def is_archive(content: bytes) -> bool:
    """Return whether these bytes look like a ZIP archive from beginning to end."""
    return content.startswith(b"PK") and b"PK\x05\x06" in content[-(1 << 16) :]


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the archive of these members, in the bundle's order, dated 1 January 1980."""
    body, directory = b"", b""
    names = [name for name in LARGEST if name in members]
    for name in names:
        data, label = members[name], name.encode("ascii")
        numbers = (0, 0, 0, _FIRST_DAY, zlib.crc32(data), len(data), len(data), len(label))
        head = _CENTRAL.pack(
            b"PK\x01\x02", _UNIX | _VERSION, _VERSION, *numbers, 0, 0, 0, 0, _PLAIN_FILE, len(body)
        )
        directory += head + label
        body += _LOCAL.pack(b"PK\x03\x04", _VERSION, *numbers, 0) + label + data
    count = len(names)
    return (
        body + directory + _END_OF_ZIP.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    )


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the members by name; raises Unreadable for any other layout than that of :func:`pack`."""
    if len(content) > 2 * MAX_BYTES:
        raise Unreadable("le paquet dépasse 60 Mo")
    members: dict[str, bytes] = {}
    offset = 0
    while content[offset : offset + 4] == b"PK\x03\x04":
        name, data, offset = _member(content, offset)
        if name in members:
            raise Unreadable(f"le paquet contient deux fois « {name} »")
        members[name] = data
    missing = [name for name in LARGEST if name not in members and name not in OPTIONAL]
    if missing:
        raise Unreadable(f"il manque au paquet : {', '.join(missing)}")
    if pack(members) != content:
        raise Unreadable("l’archive contient autre chose que ses pièces, ou a été refaite par un autre outil")
    return members


def _member(content: bytes, offset: int) -> tuple[str, bytes, int]:
    """Read the member at an offset; return its name, its bytes, the offset after it. Raises Unreadable."""
    if offset + _LOCAL.size > len(content):
        raise Unreadable("l’archive est tronquée")
    _, _, flags, method, _, _, _, packed, size, name_length, extra = _LOCAL.unpack_from(content, offset)
    start = offset + _LOCAL.size + name_length
    name = content[offset + _LOCAL.size : start].decode("ascii", "replace")
    if name not in LARGEST:
        raise Unreadable(f"le paquet contient un nom étranger : « {name[:80]} »")
    if method or packed != size or flags or extra:
        raise Unreadable(f"« {name} » est compressé ou chiffré : refusé sans être ouvert")
    if size > LARGEST[name] or start + size > len(content):
        raise Unreadable(f"« {name} » est d’une taille démesurée")
    return name, content[start : start + size], start + size
