"""Logos: judged by their content, made again from their pixels, printed inside the margins."""

import io
import random
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from pfmp_saas.documents.attestation import render_attestation
from pfmp_saas.documents.content import Letterhead
from pfmp_saas.documents.convention import render
from pfmp_saas.documents.images import HEIGHT, LARGEST, WIDTH, InvalidImage, checked_logo
from pfmp_saas.types.compose import compose, compose_attestation
from pfmp_saas.types.loader import get_type
from tests.support.examples import example
from tests.support.pictures import LINES, drawn

FACTS = {"days": 20, "gratification": 0, "place": "Chenôve", "date": "2027-02-05"}


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb(width: int, height: int) -> bytes:
    """A few kilobytes that say they are ``width`` × ``height`` pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes((width // 8 + 1) * 100))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("RGB", "L", "1", "P", "RGBA")),
        *(("JPEG", m) for m in ("RGB", "L", "CMYK")),
    ],
)
def test_every_usual_image_becomes_the_same_small_png(kind, mode):
    made = checked_logo(drawn(kind, (900, 300), mode))
    image = Image.open(io.BytesIO(made))
    assert (image.format, image.size) == ("PNG", (600, 200))
    assert checked_logo(drawn(kind, (900, 300), mode)) == made


def test_a_small_image_keeps_its_size_and_a_tall_one_fits():
    assert Image.open(io.BytesIO(checked_logo(drawn("PNG", (40, 30))))).size == (40, 30)
    wide, tall = Image.open(io.BytesIO(checked_logo(drawn("PNG", (100, 900))))).size
    assert wide <= WIDTH
    assert tall == HEIGHT


def test_no_metadata_is_kept_and_a_photograph_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter by the camera
    exif[0x010E] = "secret-du-photographe"
    made = checked_logo(drawn("JPEG", (300, 200), exif=exif, comment=b"secret-du-photographe"))
    assert b"secret" not in made
    assert {made[at + 4 : at + 8] for at in chunks(made)} == {b"IHDR", b"IDAT", b"IEND"}
    assert Image.open(io.BytesIO(made)).size == (200, 300)


def chunks(png: bytes) -> list[int]:
    found, at = [], 8
    while at < len(png):
        found.append(at)
        at += 12 + struct.unpack(">I", png[at : at + 4])[0]
    return found


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ni un PNG ni un JPEG"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "ni un PNG ni un JPEG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "ni un PNG ni un JPEG"),
        (drawn("GIF", mode="P"), "ni un PNG ni un JPEG"),
        (drawn("BMP"), "ni un PNG ni un JPEG"),
        (drawn("PNG")[:-900], "abîmée"),
        (drawn("JPEG")[:-900], "abîmée"),
        (bomb(60_000, 60_000), "trop de pixels"),
        (bomb(10_000, 9_000), "trop de pixels"),
        (drawn("PNG") + bytes(LARGEST), "500"),
    ],
    ids=["empty", "html", "svg", "gif", "bmp", "png-cut", "jpeg-cut", "bomb", "big", "heavy"],
)
def test_what_is_no_logo_is_refused_with_its_reason(data, reason):
    with pytest.raises(InvalidImage, match=reason):
        checked_logo(data)


def test_an_animation_is_refused():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    kept = io.BytesIO()
    frames[0].save(kept, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(InvalidImage, match="animée"):
        checked_logo(kept.getvalue())


@pytest.mark.filterwarnings("error")
def test_a_damaged_image_is_taken_or_refused_never_anything_else():
    chance, outcomes = random.Random(3), set()
    exif = Image.Exif()
    exif[0x0112] = 6
    for base in (drawn("PNG", (60, 40)), drawn("JPEG", (60, 40), exif=exif), drawn("PNG", (60, 40), "P")):
        for _ in range(400):
            bad = bytearray(base)
            for _ in range(chance.randint(1, 4)):
                bad[chance.randrange(chance.choice((80, len(bad))))] = chance.randrange(256)
            try:
                outcomes.add(checked_logo(bytes(bad))[:4])
            except InvalidImage:
                outcomes.add("refused")
    assert outcomes == {b"\x89PNG", "refused"}


def images(pdf: bytes) -> list[tuple[int, float, float, float, float]]:
    """Page, left, bottom, width and height of each image drawn."""
    found = []
    for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages):
        known = page["/Resources"].get("/XObject", {})

        def visit(operator, operands, cm, _tm, number=number, known=known):
            if operator == b"Do" and known[operands[0]].get("/Subtype") == "/Image":
                found.append((number, cm[4], cm[5], cm[0], cm[3]))

        page.extract_text(visitor_operand_before=visit)
    return found


@pytest.mark.parametrize("size", [(600, 400), (600, 20), (20, 400), (5, 5)])
def test_the_logo_heads_the_first_page_inside_the_margins_in_its_proportions(size):
    content = compose(get_type("national-2016"), example("national-2016"))
    headed = replace(content, letterhead=Letterhead(checked_logo(drawn("PNG", size)), LINES))
    pdf = render(headed).pdf
    assert pdf == render(headed).pdf
    ((page, left, bottom, wide, tall),) = images(pdf)
    assert page == 0
    assert left >= 44.9
    assert bottom + tall <= 841.9 - 20
    assert wide <= 28.5 / 25.4 * 72
    assert tall <= 20.5 / 25.4 * 72
    assert wide / tall == pytest.approx(size[0] / size[1], rel=0.02)
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert all(line in text for line in LINES)


def test_no_letterhead_changes_no_byte_and_the_attestation_has_one_too():
    content = compose(get_type("national-2016"), example("national-2016"))
    assert render(replace(content, letterhead=Letterhead())).pdf == render(content).pdf
    assert images(render(content).pdf) == []
    facts = compose_attestation(get_type("national-2016"), example("national-2016") | {"attestation": FACTS})
    headed = render_attestation(replace(facts, letterhead=Letterhead(checked_logo(drawn("PNG")), LINES)))
    assert len(images(headed.pdf)) == 1
    assert len(PdfReader(io.BytesIO(headed.pdf)).pages) == 1
