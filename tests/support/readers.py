"""What the common readers of PDF show of a file: qpdf, poppler, pypdf, pikepdf, and PDFium (the reader inside Chromium)."""

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from pfmp_saas.evidence.verify.file.grammar import sections_of
from pfmp_saas.evidence.verify.file.structure import table_offsets
from pfmp_saas.evidence.verify.file.syntax import Ref

_DOTS = 36  # an inch: letters are blots, a line moved or another word shows
_DIFFERENT = 24  # of 255: antialiasing
_POINTS = 72
_AROUND = 2.0  # points around a field, where its border may bleed


def disagreements(pdf: bytes, frozen: bytes, folder: Path) -> list[str]:
    """Return what any reader shows otherwise than the frozen rendering, outside the signatures' fields."""
    contents, boxes = _frozen_pages(frozen, pdf)
    file, before = folder / "final.pdf", folder / "frozen.pdf"
    file.write_bytes(pdf)
    before.write_bytes(frozen)
    found = [f"{reader}: contents" for reader, pages in _contents(pdf, file).items() if pages != contents]
    if subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False).returncode:
        found.append("qpdf: damaged")
    for reader in (_by_pdfium, _by_poppler):
        shown, wanted = reader(file), reader(before)
        if len(shown) != len(wanted) or any(
            _differ(one, other, fields) for one, other, fields in zip(shown, wanted, boxes, strict=True)
        ):
            found.append(f"{reader.__name__}: picture")
    return found


def _frozen_pages(frozen: bytes, pdf: bytes) -> tuple[list[bytes], list[list[Any]]]:
    """Return the packed content of each page by our own grammar, and the boxes of the fields that the file puts on it."""
    (rendered,) = sections_of(frozen, table_offsets(frozen))
    objects = rendered.objects
    pages = objects[objects[rendered.root].value["Pages"].number].value["Kids"]
    packed = [objects[objects[page.number].value["Contents"].number].stream or b"" for page in pages]
    certified = sections_of(pdf, table_offsets(pdf))[1]
    fields = [
        each.value
        for each in certified.objects.values()
        if isinstance(each.value, dict) and "Rect" in each.value
    ]
    return packed, [[field["Rect"] for field in fields if field["P"] == Ref(page.number)] for page in pages]


def _contents(pdf: bytes, file: Path) -> dict[str, list[bytes]]:
    """Return the packed content of each page, by reader."""
    plain: Any = pypdf.PdfReader(io.BytesIO(pdf))
    by_pypdf = [page["/Contents"].get_object()._data for page in plain.pages]
    with pikepdf.open(file) as opened:
        by_pikepdf = [page.Contents.read_raw_bytes() for page in opened.pages]
    return {"pypdf": by_pypdf, "pikepdf": by_pikepdf}


def _by_pdfium(file: Path) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(file)
    try:
        document.init_forms()
        return [page.render(scale=_DOTS / _POINTS, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def _by_poppler(file: Path) -> list[Image.Image]:
    command = ["pdftoppm", "-gray", "-r", str(_DOTS), str(file)]
    shown = subprocess.run(command, capture_output=True, check=True).stdout
    pages, at = [], 0
    while at < len(shown):
        width, height = (int(number) for number in shown[at:].split(b"\n", 3)[1].split())
        head = len(b"P5\n%d %d\n255\n" % (width, height))
        pages.append(Image.frombytes("L", (width, height), shown[at + head : at + head + width * height]))
        at += head + width * height
    return pages


def _differ(one: Image.Image, other: Image.Image, boxes: list[Any]) -> bool:
    """Say whether two pictures of a page differ outside some boxes."""
    difference = ImageChops.difference(one, other)
    hidden, scale = ImageDraw.Draw(difference), _DOTS / _POINTS
    for left, bottom, right, top in boxes:
        sides = (
            left - _AROUND,
            one.height / scale - top - _AROUND,
            right + _AROUND,
            one.height / scale - bottom + _AROUND,
        )
        hidden.rectangle([side * scale for side in sides], fill=0)
    extremes: Any = difference.getextrema()
    return bool(extremes[1] > _DIFFERENT)
