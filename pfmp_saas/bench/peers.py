"""The peers of DESIGN.md, "Measures": pyHanko's plain signature and plain reportlab, on the national convention."""

import io
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from pypdf import PdfReader
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from pfmp_saas.bench.figures import PeerClock
from pfmp_saas.core.clock import utc_now
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.convention import render
from pfmp_saas.documents.sealing.authority import (
    Issuer,
    SignerIdentity,
    issue_seal,
    make_root,
    make_tenant_authority,
)
from pfmp_saas.documents.sealing.peer import sign_plainly
from pfmp_saas.documents.sealing.prepare import certify
from pfmp_saas.documents.sealing.values import FieldPlace, Subject
from pfmp_saas.types.compose import compose
from pfmp_saas.types.loader import get_type
from pfmp_saas.types.revisions.preview import sample

NATIONAL = "national-2016"
PYHANKO, PYHANKO_MS = "pyHanko, signature simple", 32
REPORTLAB, REPORTLAB_MS = "reportlab seul, convention nationale", 41
UAI, NAME = "0211033J", "Lycée de mesure"
SIGNER = SignerIdentity("Françoise Nguyễn", "Tuteur", NAME, UAI)
_PAST = timedelta(days=90)


def national(rank: int = 0) -> Rendered:
    """Return the national convention, rendered for the pupil ``rank``: each number gives another document."""
    data: dict[str, Any] = {**sample(), "type": NATIONAL, "school": {"name": NAME, "uai": UAI}}
    data["student"] = {**data["student"], "last_name": f"Fontaine {rank}"}
    return render(compose(get_type(NATIONAL), data))


def pyhanko() -> PeerClock:
    """Return the clock of pyHanko's signature, certificate issuing included, in a frozen national convention."""
    now = utc_now()
    root = make_root("Racine de mesure", now - _PAST)
    issuer = make_tenant_authority(root, NAME, UAI, now - _PAST)
    pdf, fields = _frozen(issuer, now)
    return PeerClock(PYHANKO, PYHANKO_MS, lambda: sign_plainly(pdf, fields[-1], issuer, SIGNER, now))


def _frozen(issuer: Issuer, now: datetime) -> tuple[bytes, list[str]]:
    """Return a national convention as it is sent to be signed, and the names of its fields."""
    rendered = national()
    places = [
        FieldPlace(place.name, place.page, (place.x1, place.y1, place.x2, place.y2), place.name)
        for place in rendered.places
    ]
    seal = issue_seal(issuer, NAME, UAI, now)
    about = Subject(UAI, NAME, "convention:mesure", "convention")
    return certify(rendered.pdf, places, seal, about, now=now), [place.name for place in places]


def reportlab() -> PeerClock:
    """Return the clock of reportlab's own paragraphs, over the text of the national convention."""
    pages = PdfReader(io.BytesIO(national().pdf)).pages
    lines = [line for page in pages for line in page.extract_text().splitlines()]
    return PeerClock(REPORTLAB, REPORTLAB_MS, lambda: _plainly(lines))


def _plainly(lines: list[str]) -> None:
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(io.BytesIO()).build([Paragraph(escape(line), style) for line in lines])
