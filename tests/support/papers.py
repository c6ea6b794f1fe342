"""Scans of signed papers, good and bad, and the form that sends them; for the tests of paper signatures."""

import io

from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from tests.support.clock import TODAY


def pdf(text="Signé à la main") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(60, 700, text)
    canvas.save()
    return out.getvalue()


def image(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, kind)
    return out.getvalue()


def locked_pdf() -> bytes:
    writer, out = PdfWriter(io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


PNG, JPEG = image("PNG"), image("JPEG")
GOOD = {"pdf": pdf(), "png": PNG, "jpg": JPEG}
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
}


def form(request, field, scan=PNG, **changed):
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


def send(client, uai, request, field, scan=PNG, **changed):
    return client.post(
        f"/ecole/{uai}/signatures/{request.id}/papier",
        data=form(request, field, scan, **changed),
        content_type="multipart/form-data",
    )
