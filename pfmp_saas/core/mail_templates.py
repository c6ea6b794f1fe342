"""The words of mails: a folder of templates a kind (subject, text, HTML), rendered without a web application."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER = Path(__file__).parents[2] / "templates" / "email"
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class MailKind(StrEnum):
    """What a mail is about, and the name of its folder of templates."""

    WELCOME = "welcome"
    HEAD_CHANGED = "head-changed"
    DELEGATION = "delegation"
    SIGN_IN_LINK = "sign-in-link"
    SECOND_FACTOR = "second-factor"
    SIGNING_INVITATION = "signing-invitation"
    SIGNING_STOPPED = "signing-stopped"
    SIGNING_REPLACED = "signing-replaced"
    SIGNING_CODE = "signing-code"
    SIGNING_INFORMED = "signing-informed"
    SIGNING_RENEWAL = "signing-renewal"
    FILE_LINK = "file-link"
    SIGNING_RECEIPT = "signing-receipt"
    SIGNER_REMARK = "signer-remark"
    SIGNED_ON_PAPER = "signed-on-paper"
    UNSIGNED_CONVENTION = "unsigned-convention"
    UNSIGNED_AMENDMENT = "unsigned-amendment"
    CONVENTION_SIGNED = "convention-signed"
    AMENDMENT_LEFT = "amendment-left"
    AMENDMENT_SIGNED = "amendment-signed"
    ATTESTATION_SIGNED = "attestation-signed"
    CONVENTION_REFUSED = "convention-refused"
    AMENDMENT_REFUSED = "amendment-refused"
    ATTESTATION_REFUSED = "attestation-refused"
    ATTESTATION = "attestation"
    EVALUATION = "evaluation"
    ACCIDENT = "accident"
    ACCIDENT_TOLD = "accident-told"
    DIFFICULTY = "difficulty"
    FOLLOWUP_CONTACT = "followup-contact"
    FOLLOWUP_VISIT = "followup-visit"
    RENEWAL = "renewal"
    SEARCH_OFFER = "search-offer"
    HOST_HALF = "host-half"
    HOST_HALF_ANSWERED = "host-half-answered"


@dataclass(frozen=True)
class MailParts:
    """The content of a mail: ``subject`` is one line, ``text`` and ``html`` have the same words."""

    subject: str
    text: str
    html: str


def render(kind: MailKind, **values: object) -> MailParts:
    """Render a kind's three templates with ``values``. Raises jinja2.UndefinedError for a value that is missing.

    ``name`` is who is greeted, or an empty string; the other values are those that the kind's templates name.
    """
    subject = one_line(_ENVIRONMENT.get_template(f"{kind}/subject.txt").render(values))
    text = _ENVIRONMENT.get_template(f"{kind}/body.txt").render(values)
    html = _ENVIRONMENT.get_template(f"{kind}/body.html").render(values, subject=subject)
    return MailParts(subject, text, html)


def compile_all() -> None:
    """Compile every template once: a worker forks for each job, and a fork should not compile them again."""
    for name in _ENVIRONMENT.list_templates(extensions=["txt", "html"]):
        _ENVIRONMENT.get_template(name)


def one_line(value: str) -> str:
    """Return ``value`` without line breaks and control characters, which no mail header may hold."""
    return _BREAKS.sub(" ", value).strip(" ")


def _shown(value: object) -> object:
    """Raise ValueError for None: a mail that says "None" is worse than one that waits."""
    if value is None:
        raise ValueError("a mail shows a value that is None")
    return value


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)
