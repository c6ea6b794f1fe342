"""A signature given by its use case, as the page behind a link gives it."""

from sqlalchemy.orm import Session

from pfmp_saas.signing import texts
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.models import Signer
from tests.support.clock import NOW
from tests.support.databases import KEK


def sign(session: Session, signer: Signer, shown: str) -> None:
    """Sign as ``signer`` the document whose frozen hash was shown."""
    signing.sign(
        session,
        signer.id,
        shown_hash=shown,
        consent=True,
        consent_text=texts.CONSENT,
        authentication=texts.BY_LINK,
        kek=KEK,
        now=NOW,
    )
