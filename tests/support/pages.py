"""What the tests through HTTP share: who is who at the first school, reading a page, a signer's state."""

import re

from pfmp_saas.signing.models import Signer

UAI, PYRENE = "0211033J", "0090015T"
OFFICE, HEAD = "secretariat@lp-eiffel.example", "proviseure@lp-eiffel.example"
TEACHER, PUPIL = "marc.petit@lp-eiffel.example", "hugo.morel@eleve.example"
HOST, TUTOR = "k.benali@garage-ducs.example", "s.lambert@garage-ducs.example"


def page(answer):
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def signer_state(db, signer_id):
    db.rollback()
    return db.get(Signer, signer_id, populate_existing=True).state
