"""After a host sent its half of a draft: the office is told, unless it took the answers up meanwhile."""

from sqlalchemy.orm import Session

from pfmp_saas.core import mail
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.events import HostHalfAnswered
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.halves.errors import HalfOver
from pfmp_saas.halves.queries import open_half
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import office


def tell_office(session: Session, event: HostHalfAnswered, around: Around) -> None:
    """Mail the office that a host has answered."""
    try:
        half = open_half(session, event.subject_id)
    except (HalfOver, NotFound):  # taken up, sent, thrown away, or asked of somebody else meanwhile
        return
    uai = tenants.here(session).uai
    for to in office(session):
        mail.send(
            session,
            MailKind.HOST_HALF_ANSWERED,
            to,
            subject_id=half.convention.id,  # whose mails are erased with the convention
            occurrence=f"half-{half.row.id}-{event.at.isoformat()}",
            host=half.convention.host_name or half.row.name,
            student=half.convention.student_name,
            number=half.convention.number,
            url=f"{around.base_url}/ecole/{uai}/conventions/{half.convention.id}/accueil",
        )
