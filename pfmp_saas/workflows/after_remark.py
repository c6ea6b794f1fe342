"""After what a signer says, and after an address corrected: the office is told, the convention opens to the new address."""

from sqlalchemy.orm import Session

from pfmp_saas.conventions.addresses import move_party
from pfmp_saas.core import mail
from pfmp_saas.core.events import SignerReaddressed, SignerRemarked
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.signing.models import Signer, SignerRemark
from pfmp_saas.signing.states import REMARKS, RemarkState
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.workflows import copies
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.people import office


def open_to_address(session: Session, event: SignerReaddressed) -> None:
    """Open the convention to the corrected address, and close it to the former one."""
    signer = session.get_one(Signer, event.subject_id)
    convention = copies.convention_of(session, signer.request)
    move_party(session, convention, signer, joins=signer.request.subject_kind == "convention")


def tell_office(session: Session, event: SignerRemarked, around: Around) -> None:
    """Mail the office what a signer said, unless it was taken back meanwhile."""
    row = session.get_one(SignerRemark, event.subject_id)
    if row.state != RemarkState.OPEN:
        return
    uai = tenants.here(session).uai
    for to in office(session):
        mail.send(
            session,
            MailKind.SIGNER_REMARK,
            to,
            subject_id=row.signer_id,  # whose mails are erased with the document
            occurrence=f"remark-{row.id}",
            signer=row.signer.name,
            capacity=row.signer.capacity,
            title=row.signer.request.title,
            matter=REMARKS[row.kind],
            about=row.about,
            words=row.words,
            url=f"{around.base_url}/ecole/{uai}/demandes#d-{row.id}",
        )
