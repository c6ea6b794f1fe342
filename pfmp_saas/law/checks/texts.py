"""What is written can be printed, read as it stands, and reached by mail."""

import re
from collections.abc import Iterable, Iterator

from pfmp_saas.core import addresses
from pfmp_saas.core.text import hidden, named
from pfmp_saas.law.checks.case import Case
from pfmp_saas.law.checks.model import INTERNSHIP_ACT, WARN, Found, rule
from pfmp_saas.law.labels import label
from pfmp_saas.law.reader import printed

_ADDRESS = re.compile(r"(?:^|[._])email$")
_SIGNER = re.compile(
    r"(?:school\.head|host\.representative|tutor|referent|student\.guardian)\.name"
    r"|student\.(?:first|last)_name|signers\[[0-9]+\]\.person"
)
_SIGNED = "une signature sur la page"
_PRINTED = "le document"
_BLANKS = frozenset("\n\r\t")
_TOLD = 3
"""Characters of one field that a finding names."""


@rule(
    "address-invalid",
    source="RFC 5321 et RFC 5322 (adresses électroniques)",
    since=INTERNSHIP_ACT,
    test="test_every_address_of_a_convention_is_judged_where_it_stands",
)
def address_invalid(case: Case) -> Iterator[Found]:
    """Every e-mail address is one that a mail reaches exactly as written; a likely misspelling is asked about."""
    for path, address in case.facts.texts.items():
        if not address or not _ADDRESS.search(path):
            continue
        name = label(path, case.profile.labels)
        wrong = addresses.fault(address)
        if wrong:
            yield Found(path, f"{name} : {wrong}")
        else:
            yield from _asked(path, name, address)


def _asked(path: str, name: str, address: str) -> Iterator[Found]:
    """Yield a question about a likely misspelling: no school can make it a block, the address may be right."""
    likely = addresses.suggestion(address)
    if likely:
        yield Found(path, f"{name} : « {address} », ne serait-ce pas « {likely} » ?", severity=WARN)


@rule(
    "text-unprintable",
    source="norme Unicode et polices du document",
    since=INTERNSHIP_ACT,
    test="test_a_character_that_no_font_has_is_named_with_its_field",
)
def text_unprintable(case: Case) -> Iterator[Found]:
    """Every character of every text is one that the document prints, and none hides or turns round the text."""
    for path, text in case.facts.texts.items():
        if text.isascii() and text.isprintable():
            continue
        name = label(path, case.profile.labels)
        concealing = tuple(hidden(text))
        if concealing:
            yield Found(path, f"{name} : {_listed(concealing)} se cache dans le texte, ou le retourne")
        signed = _SIGNER.fullmatch(path) is not None
        fonts, where = (case.profile.signable, _SIGNED) if signed else (case.profile.printable, _PRINTED)
        lacking = _lacking(text, fonts, concealing)
        if lacking:
            yield Found(path, f"{name} : {where} ne peut pas écrire {_listed(lacking)}", kind="font")


def _lacking(text: str, fonts: frozenset[str], apart: Iterable[str]) -> tuple[str, ...]:
    written = printed(text)
    if fonts.issuperset(written):
        return ()
    known = fonts | _BLANKS | frozenset(apart)
    return tuple(letter for letter in dict.fromkeys(written) if letter not in known)


def _listed(letters: tuple[str, ...]) -> str:
    told = ", ".join(map(named, letters[:_TOLD]))
    return f"{told} et {len(letters) - _TOLD} autres" if len(letters) > _TOLD else told
