"""The forms of the ceremony: consent, refusal, a signature on paper, many documents signed together."""

import uuid
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField

from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.fields import Area, Day, Email, Input, Line, Radio, Several, Tick, Upload
from pfmp_saas.core.forms import AtMost, Form, Needed
from pfmp_saas.signing import texts
from pfmp_saas.signing.models import Signer

NOBODY = "Choisissez qui a signé sur papier."


class SignForm(Form):
    """Consent to the document that was shown; ``shown_hash`` is its frozen hash."""

    shown_hash = HiddenField()
    consent = Tick(texts.CONSENT)
    also = Several("Je signe aussi en qualité de :", choices=[], validate_choice=False)
    code = Line("Code reçu par courriel", render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"})
    myself = Tick("Je suis bien la personne nommée ci-dessus")


class RefusalForm(Form):
    """Why a person refuses to sign."""

    reason = Area("Motif, que l’établissement lira")


class RemarkForm(Form):
    """What a signer says: who it should be, or which field; then the rest. The labels follow the kind."""

    about = Line("", validators=[AtMost(200)])
    words = Area("", validators=[AtMost(2000)])

    def __init__(self, labels: tuple[str, str], **more: Any) -> None:
        """Build the form under the labels of a kind."""
        super().__init__(**more)
        self.about.label.text, self.words.label.text = labels


class AnswerForm(Form):
    """What the office answered to a remark."""

    answer = Line("Ce qui a été fait (pour mémoire)", validators=[AtMost(300)])


class AddressForm(Form):
    """A signer's right address."""

    email = Email("Bonne adresse électronique", validators=[Needed()])


class PaperForm(Form):
    """Who signed on paper, which day, and the scan: for the person who saw the original."""

    shown_hash = HiddenField()
    signer = Radio("Qui a signé sur papier ?", validate_choice=False)
    signed_on = Day("Jour de la signature, écrit sur le papier")
    scan = Upload(
        "Scan du papier signé (PDF, PNG ou JPEG, 10 Mo au plus)",
        description="Chaque partie le recevra dans le paquet de preuve.",
        render_kw={"accept": "application/pdf,image/png,image/jpeg"},
    )
    consent = Tick(texts.CONSENT_PAPER)

    def __init__(self, waiting: Iterable[Signer], **more: Any) -> None:
        """Build the form; ``waiting`` are the signers awaited."""
        super().__init__(**more)
        self.signer.choices = [(str(signer.id), f"{signer.capacity} – {signer.name}") for signer in waiting]


class Hashes(Input):
    """The frozen hash that was shown of each document, by its signer’s identifier: the fields ``hash-…``."""

    def process(self, formdata: Any, *_values: Any, **_more: Any) -> None:
        """Read every field of the name."""
        self.process_errors = list[str]()
        self.data = {name[5:]: formdata[name] for name in formdata or () if name.startswith("hash-")}


class BatchForm(Form):
    """Many documents signed with one consent."""

    sign = Several("Documents", choices=[], validate_choice=False)
    consent = Tick(texts.CONSENT_MANY)
    hashes = Hashes()

    def chosen(self) -> dict[uuid.UUID, str]:
        """Return the hash that was shown of each chosen document. Raises DomainError for what is no identifier."""
        try:
            return {uuid.UUID(text): self.hashes.data.get(text, "") for text in self.sign.raw_data or ()}
        except ValueError:
            raise DomainError("Cette liste n’est pas lisible. Rechargez la page.") from None
