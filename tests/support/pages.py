"""What the tests through HTTP share: who is who at the first school, reading a page, a signer's state."""

import re
import uuid

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
