"""E-mail addresses: what is shown, stored and given to the mail server is one string."""

import json
import re
from functools import cache
from pathlib import Path

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from pfmp_saas.core.text import hidden, named

_NAMED = re.compile(r"[^<>@]*<([^<>\s]+)>")
_LONGEST, _LONGEST_LOCAL = 254, 64
_READ_OTHERWISE = re.compile(r'[()<>\[\]",;:\\]')
_SHOWN = 60
_ABROAD = {"gmail.fr": "gmail.com", "icloud.fr": "icloud.com"}
_ENDS = {
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "vom", "xom"), "com"),
    **dict.fromkeys(("frr", "ffr", "fe", "ft"), "fr"),
}
"""Ends that no domain has, and what was meant."""
_LEAST = 5
"""Letters of a domain of which one may be a slip; in shorter ones every neighbour is somebody's."""


def read_address(text: str) -> str:
    """Read an address as people paste it, « Mme Nom <nom@…> » included; return the one string that we keep.

    It is in lower case, an accented domain in its ASCII form, as mail servers speak of it. Raises ValueError in French
    for what a mail can't reach exactly as it is written.
    """
    typed = text.strip()
    around = _NAMED.fullmatch(typed)
    plain = around[1] if around else typed
    wrong = fault(plain)
    if wrong:
        raise ValueError(f"{wrong[:1].upper()}{wrong[1:]}.")
    return travelling(plain)


def travelling(address: str) -> str:
    """Return an address in the form in which it is stored, looked up, shown and sent to: blanks off, small letters, ASCII domain.

    What is none is given back in small letters.
    """
    plain = address.strip()
    found = None if plain.isascii() else _validated(plain)
    return (found.ascii_email if found and found.ascii_email else plain).lower()


def reachable(address: str) -> bool:
    """Say whether a mail reaches ``address`` exactly as it is written."""
    return fault(address) is None


def fault(address: str) -> str | None:
    """Return in French why a mail doesn't reach ``address`` exactly as it is written, None where it does.

    A quoted or a commented local part, a bracket, two dots, an accent before the @ and a hidden blank are refused: two
    servers read them in two ways. An accented domain is reached by its ASCII form.
    """
    why = _seen(address)
    if why is None:
        found = _validated(address)
        same = found is not None and address.lower() in _forms(found)
        why = None if same else "elle est mal formée"
    shown = "".join(letter if letter.isprintable() else "�" for letter in address[:_SHOWN])
    return why and f"« {shown} » n’est pas une adresse électronique : {why}"


def _forms(found: ValidatedEmail) -> set[str]:
    return {found.normalized.lower(), (found.ascii_email or "").lower()}


def _validated(address: str) -> ValidatedEmail | None:
    if len(address) > _LONGEST:
        return None
    try:
        return validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        return None


def _seen(address: str) -> str | None:
    """Return a reason that a person understands at once, None where only the grammar tells."""
    concealed = next(hidden(address), None)
    if concealed:
        return f"un caractère invisible s’y cache, {named(concealed)}"
    if any(letter.isspace() for letter in address):
        return "elle contient un blanc"
    if address.lower().startswith("mailto:"):
        return "retirez « mailto: »"
    if address.count("@") != 1:
        return "il y faut un signe @, et un seul"
    odd = _READ_OTHERWISE.search(address)
    if odd:
        return f"« {odd[0]} » s’y lirait autrement"
    return _parts(*address.split("@"))


def _parts(local: str, domain: str) -> str | None:
    if not local or not domain:
        return "il manque ce qui précède ou suit le @"
    if not local.isascii():
        accent = next(letter for letter in local if not letter.isascii())
        return f"« {accent} » ne peut pas précéder le @"
    if ".." in f"{local}@{domain}" or any(part[0] == "." or part[-1] == "." for part in (local, domain)):
        return "un point y est de trop"
    if "." not in domain:
        return "il manque la fin du domaine (.fr, .com…)"
    if len(local) > _LONGEST_LOCAL or len(local) + len(domain) >= _LONGEST:
        return "elle est trop longue"
    return None


@cache
def _domains() -> dict[str, frozenset[str]]:
    """Return the domains that French people write from, those that look like one of them, and the ends of domains."""
    loaded = json.loads(Path(__file__).with_name("domains.json").read_text(encoding="utf-8"))
    return {name: frozenset(values) for name, values in loaded.items()}


def suggestion(address: str) -> str | None:
    """Return the address that was likely meant by ``address`` (« gmial.com », « .con »), None where none is likelier."""
    local, _, domain = address.strip().lower().rpartition("@")
    if not local or not domain or domain in _domains()["usual"] | _domains()["real"]:
        return None
    likely = _usual(domain) or _ended(domain)
    return f"{local}@{likely}" if likely else None


def _usual(domain: str) -> str | None:
    """Return the usual domain of which ``domain`` is one slip away, or that it names without its own end."""
    if domain in _ABROAD:
        return _ABROAD[domain]
    near = sorted(usual for usual in _domains()["usual"] if _long(usual) and _one_slip(domain, usual))
    slipped = sorted(usual for usual in _domains()["usual"] if _slips_in_both(domain, usual))
    return next(iter(near + slipped), None)


def _slips_in_both(domain: str, usual: str) -> bool:
    """Tell whether the domain's name is the usual one's, or a slip of it, and its end is none."""
    (name, _, end), (right, _, right_end) = domain.rpartition("."), usual.rpartition(".")
    if not name:
        return _long(usual) and domain in {right, right + right_end}
    wrong_end = end not in _domains()["ends"] and (_one_slip(end, right_end) or right_end.startswith(end))
    return wrong_end and (name == right or (_long(usual) and _one_slip(name, right)))


def _long(domain: str) -> bool:
    return len(domain.rpartition(".")[0]) >= _LEAST


def _ended(domain: str) -> str | None:
    name, _, end = domain.rpartition(".")
    return f"{name}.{_ENDS[end]}" if name and end in _ENDS else None


def _one_slip(typed: str, meant: str) -> bool:
    """Tell whether one letter is missing, doubled, wrong, or two beside each other are exchanged."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    rest, other = typed[start:], meant[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
