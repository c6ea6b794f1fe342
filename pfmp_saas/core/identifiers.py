"""Public identifiers and their check digits: SIRET (companies) and UAI (schools)."""

import re

from stdnum.fr import siret

_SIRET = re.compile(r"[0-9]{14}")
_UAI = re.compile(r"([0-9]{7})([A-Z])")
_NO_SIREN, _NO_ESTABLISHMENT = "000000000", "00000"
_UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 letters: I, O and Q could be mistaken for digits


def is_siret(text: str) -> bool:
    """Tell whether ``text`` is a SIRET: 14 digits, blanks allowed, whose own key and whose SIREN's are right.

    La Poste's offices are so many that INSEE gives them another key: their digits add up to a multiple
    of five. Zeros number no company and no establishment.
    """
    digits = "".join(text.split())
    if not _SIRET.fullmatch(digits) or digits.startswith(_NO_SIREN) or digits.endswith(_NO_ESTABLISHMENT):
        return False
    return bool(siret.is_valid(digits))


def siren_of(text: str) -> str:
    """Return the nine digits of a SIRET's legal entity, "" of a blank."""
    return "".join(text.split())[:9]


def is_uai(text: str) -> bool:
    """Tell whether ``text`` is a school's UAI number: seven digits and their check letter."""
    matched = _UAI.fullmatch(text)
    return matched is not None and _UAI_LETTERS[int(matched[1]) % 23] == matched[2]
