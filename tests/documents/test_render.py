"""The PDF: whole, readable, the same bytes each time, with room to sign."""

import json
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from pypdf import PdfReader

from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.documents.attestation import render_attestation
from pfmp_saas.documents.convention import render
from pfmp_saas.types.compose import compose, compose_attestation
from pfmp_saas.types.loader import available, get_type
from tests.support.examples import DATA, SIGNERS, example, long_data


def pages(pdf: bytes, tmp_path: Path) -> PdfReader:
    (tmp_path / "out.pdf").write_bytes(pdf)
    return PdfReader(tmp_path / "out.pdf")


def text_of(reader: PdfReader) -> str:
    """All the text without its blanks: a paragraph of the models never runs over two pages."""
    return squeeze("".join(page.extract_text() for page in reader.pages))


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def rendered(slug: str, data: dict | None = None):
    content = compose(get_type(slug), example(slug) if data is None else data)
    return content, render(content)


def seed(slug: str) -> str:
    """The model as received, with its conversion debris mended by the list."""
    text = (DATA / f"seed-{slug}.txt").read_text(encoding="utf-8")
    debris = json.loads((DATA / "seed_debris.json").read_text(encoding="utf-8"))[slug]
    for old, new in debris["replace"]:
        assert old in text, old
        text = text.replace(old, new)
    end = text.index(debris["to"]) if debris["to"] else len(text)
    return text[text.index(debris["from"]) : end]


def sentences(text: str) -> list[str]:
    """Sentences and list items of a Markdown text, marks removed."""
    plain = re.sub(r"\*+|^#+ |^ *- |<[^>]+>", "", text, flags=re.MULTILINE)
    pieces = re.split(r"(?<=[.;:?!,])\s+|\n\s*\n|\n", plain)
    return [piece.strip() for piece in pieces if len(piece.strip()) > 3]


@pytest.mark.parametrize("slug", [s for s in available() if (DATA / f"seed-{s}.txt").exists()])
def test_every_sentence_of_the_models_articles_is_printed_word_for_word(slug, tmp_path):
    _, result = rendered(slug)
    printed = text_of(pages(result.pdf, tmp_path))
    wanted = sentences(seed(slug))
    assert len(wanted) > 100
    assert [sentence for sentence in wanted if squeeze(sentence) not in printed] == []


def test_every_label_of_the_national_header_and_annexes_is_printed(tmp_path):
    _, result = rendered("national-2016", {})
    printed = text_of(pages(result.pdf, tmp_path))
    labels = json.loads((DATA / "seed_debris.json").read_text(encoding="utf-8"))["national-2016"]
    whole = (DATA / "seed-national-2016.txt").read_text(encoding="utf-8")
    lines = [re.sub(r"[*#\\◇]|</?b>|\.{5}|-{4}.*-{4}|^- ", " ", line) for line in re.split(r"\n|\t", whole)]
    parts = [part for line in lines for part in re.split(r"  +", line.strip())]
    absent = [part for part in parts if part.strip() and squeeze(part) not in printed]
    assert absent == labels["printed_otherwise"]


def test_every_label_of_lycee_pyrene_is_printed_or_known_to_be_said_otherwise(tmp_path):
    printed = text_of(pages(rendered("lycee-pyrene")[1].pdf, tmp_path))
    debris = json.loads((DATA / "seed_debris.json").read_text(encoding="utf-8"))["lycee-pyrene"]
    whole = (DATA / "seed-lycee-pyrene.txt").read_text(encoding="utf-8")
    marks = r"</?b>|<input[^>]*>|[*#\t\n]|\.{4,}|-{4}|^ *- |  +"
    parts = {part.strip() for part in re.split(marks, whole, flags=re.MULTILINE)}
    absent = [part for part in parts if len(part) > 2 and squeeze(part) not in printed]
    assert sorted(absent) == sorted(debris["printed_otherwise"])


@pytest.mark.parametrize("slug", available())
def test_the_same_convention_gives_the_same_bytes(slug):
    assert rendered(slug)[1] == rendered(slug)[1]


@pytest.mark.parametrize("slug", available())
def test_a_fresh_process_gives_the_same_bytes_as_a_warm_one(slug, tmp_path):
    code = "import sys; from pfmp_saas.cli.render import render; render(sys.argv[1:])"
    source, target = DATA / f"{slug}.json", tmp_path / "fresh.pdf"
    subprocess.run([sys.executable, "-c", code, source, "-o", target], check=True)
    rendered(slug, long_data(slug))
    warm = rendered(slug)[1].pdf
    assert target.read_bytes() == warm == rendered(slug)[1].pdf


def test_another_convention_in_between_changes_no_byte():
    first = rendered("national-2016")[1].pdf
    data = example("national-2016")
    data["student"]["last_name"] = "Żółć-Ωμέγα"
    assert rendered("national-2016", data)[1].pdf != first
    assert rendered("national-2016")[1].pdf == first


@pytest.mark.parametrize("slug", available())
def test_the_file_is_plain_french_and_bookmarked(slug, tmp_path):
    content, result = rendered(slug)
    reader = pages(result.pdf, tmp_path)
    assert result.pdf.startswith(b"%PDF-1.7")
    assert reader.root_object["/Lang"] == "fr-FR"
    assert reader.metadata.title == content.title
    assert not reader.is_encrypted
    assert "/AcroForm" not in reader.root_object
    titles = str(reader.outline)
    for article in get_type(slug).articles:
        assert json.dumps(article.heading, ensure_ascii=False)[1:-1] in titles.replace("’", "’")
    for annex in get_type(slug).annexes:
        assert annex.title in titles


def test_bookmarks_lead_to_the_page_of_their_heading(tmp_path):
    _, result = rendered("national-2016")
    reader = pages(result.pdf, tmp_path)
    entries = [e for group in reader.outline for e in (group if isinstance(group, list) else [group])]
    numbers = [reader.get_destination_page_number(entry) for entry in entries]
    assert numbers == sorted(numbers)
    for entry, number in zip(entries[2:], numbers[2:], strict=True):
        assert squeeze(entry.title.split(" – ")[0]) in squeeze(reader.pages[number].extract_text())


@pytest.mark.parametrize("slug", available())
def test_five_places_large_enough_inside_the_page_and_apart(slug, tmp_path):
    _, result = rendered(slug)
    assert tuple(place.name for place in result.places) == SIGNERS
    check_places(result, pages(result.pdf, tmp_path))


def check_places(result, reader):
    for place in result.places:
        box = reader.pages[place.page].mediabox
        assert box.left < place.x1 < place.x2 < box.right
        assert box.bottom < place.y1 < place.y2 < box.top
        assert place.x2 - place.x1 >= 150
        assert place.y2 - place.y1 >= 40
    assert len({place.page for place in result.places}) == 1, "the signature block was split"
    for a, b in combinations(result.places, 2):
        assert a.x2 <= b.x1 or b.x2 <= a.x1 or a.y2 <= b.y1 or b.y2 <= a.y1


@pytest.mark.parametrize("slug", available())
def test_long_content_stays_in_the_page(slug, tmp_path):
    _, result = rendered(slug, long_data(slug))
    reader = pages(result.pdf, tmp_path)
    check_places(result, reader)
    for page in reader.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        spots = []

        def visit(text, _cm, tm, _font, _size, spots=spots):
            if text.strip():
                spots.append((tm[4], tm[5]))

        page.extract_text(visitor_text=visit)
        assert all(0 <= x <= width and 0 <= y <= height for x, y in spots)
    assert "Objectif59" in text_of(reader)


@pytest.mark.parametrize("slug", available())
def test_no_word_crosses_the_margins_even_when_long(slug, tmp_path):
    _, result = rendered(slug, long_data(slug))
    (tmp_path / "long.pdf").write_bytes(result.pdf)
    for box in words(tmp_path / "long.pdf"):
        assert box[0] >= 40
        assert box[2] <= 595.3 - 40
        assert box[1] >= 20
        assert box[3] <= 842 - 20


def words(path: Path) -> list[tuple[float, ...]]:
    """Bounding box of every word, as poppler sees them."""
    html = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', html)
    assert len(found) > 500
    return [tuple(map(float, box)) for box in found]


@pytest.mark.slow
def test_the_longest_values_allowed_lay_out_whole(tmp_path):
    data = example("national-2016")
    for path in ("name", "address", "phone", "activity"):
        data["host"][path] = ("mot " * 150)[:600]
        data["school"][path] = "0" * 600
    data["student"] |= {"last_name": "N" * 600, "first_name": "P" * 600, "guardian": {"name": "G" * 600}}
    data["supervision"] = "mot " * 4_999
    data["assessment"] = "a" * 20_000
    data["objectives"] = ["ligne\n" * 3_000]
    _, result = rendered("national-2016", data)
    reader = pages(result.pdf, tmp_path)
    assert len(reader.pages) > 12
    check_places(result, reader)


@pytest.mark.parametrize(("path", "size"), [("name", 601), ("address", 5_000)])
def test_a_line_longer_than_any_name_is_refused(path, size):
    data = example("national-2016")
    data["host"][path] = "x" * size
    with pytest.raises(InvalidData, match="600"):
        rendered("national-2016", data)


def test_nine_signers_share_one_page_in_the_order_given(tmp_path):
    data = example("national-2016")
    extra = [{"name": f"tutor_{n}", "label": "Le tuteur", "person": f"Tuteur {n}"} for n in range(2, 6)]
    data["signers"] = extra
    content, result = rendered("national-2016", data)
    assert [p.name for p in result.places] == [s.name for s in content.signers]
    assert len(result.places) == 9
    check_places(result, pages(result.pdf, tmp_path))


@pytest.mark.parametrize("slug", available())
def test_the_attestation_is_one_page_with_one_place(slug, tmp_path):
    facts = {"days": 20, "gratification": 0, "place": "Chenôve", "date": "2027-02-05"}
    content = compose_attestation(get_type(slug), example(slug) | {"attestation": facts})
    result = render_attestation(content)
    reader = pages(result.pdf, tmp_path)
    printed = text_of(reader)
    assert len(reader.pages) == 1
    assert [place.name for place in result.places] == ["host_representative"]
    check_places(result, reader)
    for wanted in ("20 jours", "0,00 €", "Chenôve", "05/02/2027"):
        assert squeeze(wanted) in printed
    assert render_attestation(content).pdf == result.pdf


def test_every_font_is_embedded(tmp_path):
    (tmp_path / "out.pdf").write_bytes(rendered("agricole")[1].pdf)
    listed = subprocess.run(
        ["pdffonts", tmp_path / "out.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert listed.count("SourceSansPro") == len(listed.splitlines()) - 2 == 3


def test_lycee_pyrene_has_its_timetable_and_both_periods_on_the_front_page(tmp_path):
    front = squeeze(pages(rendered("lycee-pyrene")[1].pdf, tmp_path).pages[0].extract_text())
    for wanted in (
        "Horaires journaliers",
        "35 h (35h maxi)",
        "Dimanche",
        "du 11/01/2027",
        "et du 31/05/2027",
    ):
        assert squeeze(wanted) in front
