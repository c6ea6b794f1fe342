"""Many conventions like the demonstration’s draft, each of its own pupil, tutor and referent."""

from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.settings import Settings
from tests.support.clock import NOW
from tests.support.staff import teacher

MANY = 6


def another(data: dict[str, Any], number: int) -> dict[str, Any]:
    """The draft's data for another pupil, tutor and referent: nobody is over the law's caps."""
    return {
        **data,
        "student": {
            **data["student"],
            "last_name": f"Élève{number}",
            "email": f"eleve{number}@eleve.example",
        },
        "host": {**data["host"], "staff": 9000},
        "tutor": {**data["tutor"], "name": f"Tuteur {number}", "email": f"t{number}@garage.example"},
        "referent": {
            **data["referent"],
            "name": f"Référent {number}",
            "email": f"r{number}@lp-eiffel.example",
        },
    }


def send_copies(
    session_factory: sessionmaker[Session], settings: Settings, draft: Convention, count: int
) -> None:
    """Send ``count`` conventions like the draft."""
    with session_factory.begin() as session:
        enter_tenant(session, draft.tenant_id)
        for number in range(count):
            now = NOW
            row = conventions.create_draft(session, student_id=None, created_by=None, now=now)
            data = another(draft.data, number)
            teacher(session, data["referent"]["email"], data["referent"]["name"])
            conventions.save(session, row.id, data)
            conventions.send(
                session, row.id, kek=settings.key_encryption_key, base_url=settings.base_url, now=now
            )
