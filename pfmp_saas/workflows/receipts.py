"""After each signature: a receipt at once to whoever signed, and what to do if it was somebody else."""

from sqlalchemy.orm import Session

from pfmp_saas.core import dates, mail
from pfmp_saas.core.events import SignatureGiven
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.signing import texts
from pfmp_saas.signing.links import asked_by
from pfmp_saas.signing.models import Signer
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.times import zone


def acknowledge(session: Session, event: SignatureGiven, _around: Around) -> None:
    """Mail a signer the receipt of a signature by link; who signs many under an account sees each on that page."""
    signer = session.get_one(Signer, event.subject_id)
    if event.how in (texts.BY_ACCOUNT, texts.CARRIED_OVER) or not signer.email:
        return
    at = event.at.astimezone(zone(session))
    mail.send(
        session,
        MailKind.SIGNING_RECEIPT,
        (signer.name, signer.email),
        subject_id=signer.id,
        occurrence="1",
        **asked_by(session),
        title=signer.request.title,
        capacity=signer.capacity,
        at=f"{dates.written(at)} à {at:%H:%M}",
        digest=signer.request.frozen_hash,
    )
