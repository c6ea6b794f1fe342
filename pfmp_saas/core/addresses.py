"""E-mail addresses: what is shown, stored and given to the mail server is one string."""

import re

from email_validator import EmailNotValidError, validate_email

_NAMED = re.compile(r"[^<>]*<([^<>\s]+)>")
_LONGEST = 254


def read_address(text: str) -> str:
    """Read an address as people paste it, « Mme Nom <nom@…> » included; return it in lower case.

    Raises ValueError in French for what a mail can't reach exactly as it is written.
    """
    typed = text.strip()
    named = _NAMED.fullmatch(typed)
    plain = named[1] if named else typed
    if not reachable(plain):
        raise ValueError(f"« {typed[:60]} » n’est pas une adresse électronique.")
    return plain.lower()


def reachable(address: str) -> bool:
    """Say whether a mail reaches ``address`` exactly as it is written.

    A quoted or a commented local part, a bracket, two dots, an accent before the @ and a hidden blank are refused: two
    servers read them in two ways. An accented domain is reached by its ASCII form.
    """
    if len(address) > _LONGEST:
        return False
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        return False
    return address.lower() in {found.normalized.lower(), (found.ascii_email or "").lower()}
