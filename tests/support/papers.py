"""Scans of signed papers, good and bad, and the form that sends them; for the tests of paper signatures."""

import io
import struct
import zlib
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pfmp_saas.signing.models import SignatureRequest, Signer
from tests.support.clock import TODAY


def pdf(text: str = "Signé à la main") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(60, 700, text)
    canvas.save()
    return out.getvalue()


def image(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, kind, **options)
    return out.getvalue()


def locked_pdf() -> bytes:
    writer, out = PdfWriter(io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


def png_that_says(width: int, height: int, data: bytes = b"") -> bytes:
    """Return a PNG whose header promises those pixels and whose only data are ``data``; every checksum is right."""
    header = struct.pack(">2L5B", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
        for kind, body in parts
    )


PNG, JPEG, PROGRESSIVE = image("PNG"), image("JPEG"), image("JPEG", progressive=True)
GOOD = {"pdf": pdf(), "png": PNG, "jpg": JPEG}
ALSO_GOOD = {
    "a progressive JPEG": PROGRESSIVE,
    "a JPEG padded with zeros": JPEG + bytes(40),
    "an A4 page at 600 dots an inch, in black and white": png_that_says(4960, 7016, bytes(7016 * 621)),
}
BAD = {
    "nothing": (b"", "Choisissez le scan"),
    "a text named pdf": (b"bonjour", "ni un PDF, ni une image"),
    "a web page": (b"<html><script>1</script>", "ni un PDF, ni une image"),
    "too large": (PNG + bytes(10 << 20), "dépasse 10 Mo"),
    "half a PNG": (PNG[: len(PNG) // 2], "abîmé ou incomplet"),
    "a PNG with a byte changed": (PNG[:45] + bytes([PNG[45] ^ 1]) + PNG[46:], "abîmé ou incomplet"),
    "a PNG with a tail": (PNG + b"<script>", "abîmé ou incomplet"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "abîmé ou incomplet"),
    "a JPEG's first bytes": (b"\xff\xd8\xff", "abîmé ou incomplet"),
    "a PDF's first bytes": (b"%PDF-1.7 but no more".ljust(900), "abîmé ou incomplet"),
    "a locked PDF": (locked_pdf(), "mot de passe"),
    "an image of another kind": (image("GIF"), "ni un PDF, ni une image"),
    "a bomb of pixels": (png_that_says(8000, 8000, bytes(8000 * 1001)), "trop de pixels"),
}
DAMAGED = {
    "a JPEG without its end mark": (JPEG[:-2], "abîmé ou incomplet"),
    "a JPEG with a tail": (JPEG + b"<script>", "abîmé ou incomplet"),
    "half a progressive JPEG": (PROGRESSIVE[: len(PROGRESSIVE) // 2] + b"\xff\xd9", "abîmé ou incomplet"),
    "a PNG without its end": (PNG[:-12], "abîmé ou incomplet"),
    "a PNG that ends twice": (PNG + PNG[-12:], "abîmé ou incomplet"),
    "a PNG whose pixels stop": (png_that_says(100, 100, bytes(50)), "abîmé ou incomplet"),
    "a bomb larger than Pillow opens": (png_that_says(60000, 60000), "trop de pixels"),
}


def form(request: SignatureRequest, field: str, scan: bytes = PNG, **changed: Any) -> dict[str, Any]:
    """The form as the office fills it, for the signer of a field."""
    signer = next(each for each in request.signers if each.field == field)
    given = {
        "signer": str(signer.id),
        "shown_hash": request.frozen_hash,
        "signed_on": TODAY.isoformat(),
        "scan": (io.BytesIO(scan), "n-importe-quel-nom.txt"),
        "consent": "yes",
    } | changed
    return {name: value for name, value in given.items() if value is not None}


def send(
    client: FlaskClient, uai: str, request: SignatureRequest, field: str, scan: bytes = PNG, **changed: Any
) -> TestResponse:
    return client.post(
        f"/ecole/{uai}/signatures/{request.id}/papier",
        data=form(request, field, scan, **changed),
        content_type="multipart/form-data",
    )


ON_PAPER = {"host_representative": PNG, "tutor": PNG, "student": JPEG}
"""Who signs on paper, with which scan: two of them on the same sheet."""


def fresh(db: Session, request: SignatureRequest) -> SignatureRequest:
    db.rollback()
    db.expire_all()
    return db.get_one(SignatureRequest, request.id)


def signer_of(db: Session, request: SignatureRequest, field: str) -> Signer:
    return db.scalars(select(Signer).where(Signer.request_id == request.id, Signer.field == field)).one()


HOST = "host_representative"
