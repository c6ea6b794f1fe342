"""Public identifiers and their check digits: SIRET (companies) and UAI (schools)."""

import re

_SIRET = re.compile(r"[0-9]{14}")
_UAI = re.compile(r"([0-9]{7})([A-Z])")
_LA_POSTE = "356000000"
_UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 letters: I, O and Q could be mistaken for digits


def is_siret(text: str) -> bool:
    """Tell whether ``text`` is a SIRET: 14 digits, spaces allowed, whose Luhn key is right.

    La Poste's offices are so many that INSEE gives them another key: their digits add up to a multiple
    of five.
    """
    digits = "".join(text.split())
    if not _SIRET.fullmatch(digits):
        return False
    if digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    return _luhn(digits) % 10 == 0


def _luhn(digits: str) -> int:
    doubled = (int(digit) * (2 if rank % 2 else 1) for rank, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled)


def is_uai(text: str) -> bool:
    """Tell whether ``text`` is a school's UAI number: seven digits and their check letter."""
    matched = _UAI.fullmatch(text)
    return matched is not None and _UAI_LETTERS[int(matched[1]) % 23] == matched[2]
