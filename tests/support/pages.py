"""What the tests through HTTP share: who is who at the first school, reading a page, a signer's state."""

import re
import uuid
from html import unescape

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pfmp_saas.signing.models import Signer

UAI, PYRENE = "0211033J", "0090015T"
DDFPT = "ddfpt@lp-eiffel.example"
OFFICE, HEAD = "secretariat@lp-eiffel.example", "proviseure@lp-eiffel.example"
TEACHER, PUPIL = "marc.petit@lp-eiffel.example", "hugo.morel@eleve.example"
HOST, TUTOR = "k.benali@garage-ducs.example", "s.lambert@garage-ducs.example"


def page(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def signer_state(db: Session, signer_id: uuid.UUID) -> str:
    db.rollback()
    return db.get_one(Signer, signer_id, populate_existing=True).state


def as_sent(html: str) -> dict[str, str]:
    """Return the fields of a page's forms as a browser sends them back untouched: of boxes, those that are ticked."""
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        boxed = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and (not boxed or " checked" in tag) and name[1] != "csrf_token":
            fields[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)</textarea>', html):
        fields[name] = unescape(text)
    for name, body in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields[name] = unescape(chosen[1]) if chosen else ""
    return fields
