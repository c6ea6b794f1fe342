"""Departments and collectivities: their time zone, their own holidays, their accident fund."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_DATA: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "territories.json").read_text(encoding="utf-8")
)
_LOCAL = _DATA["local"]
UNHELD: dict[str, str] = _DATA["unheld"]
"""Places that a convention may name, by their code, and whose calendar and fund are not held here."""
ABROAD = "ÉTRANGER"
# 20 was Corsica until 1976: 2A and 2B since.
_MAINLAND = {f"{number:02d}" for number in range(1, 96) if number != 20} | {"2A", "2B"}
CODES = tuple(sorted(_MAINLAND | set(_LOCAL)))


class UnknownTerritory(LookupError):
    """No department or collectivity that the product knows has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"« {code[:20]} » n’est pas un territoire connu (01 à 95, 2A, 2B, 971 à 978)")
        self.code = code


class UnheldTerritory(UnknownTerritory):
    """A place whose calendar, hours and fund the product does not hold."""

    def __init__(self, code: str) -> None:
        LookupError.__init__(
            self,
            f"« {code} » ({UNHELD[code]}) : ni le calendrier des jours fériés ni la caisse d’accidents n’y sont tenus",
        )
        self.code = code


def place_code(written: str) -> str:
    """Return the code of a place as it is compared: ``2a`` is ``2A``, ``etranger`` is ``ÉTRANGER``."""
    code = written.strip().upper()
    return ABROAD if code in ("ETRANGER", "E\u0301TRANGER") else code


def first_held(*codes: str | None) -> str:
    """Return the first of some places whose calendar and fund are held, the mainland's where none is."""
    return next((place_code(code) for code in codes if code and place_code(code) in CODES), "75")


@dataclass(frozen=True)
class Territory:
    """A place of the law.

    ``abolition`` holds the days, as "MM-DD", that may commemorate the abolition of slavery there: the
    first is the one in use, others are read elsewhere in the codes (Saint-Martin).
    """

    code: str
    timezone: str
    alsace_moselle: bool
    overseas: bool
    abolition: tuple[str, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Return the local time zone."""
        return ZoneInfo(self.timezone)


@cache
def territory(code: str) -> Territory:
    """Return the territory of this department or collectivity code (``09``, ``2A``, ``972``…).

    Raises :class:`UnknownTerritory`, :class:`UnheldTerritory` among them.
    """
    known = place_code(code)
    if known in UNHELD:
        raise UnheldTerritory(known)
    if known not in CODES:
        raise UnknownTerritory(code)
    own = _LOCAL.get(known, {})
    return Territory(
        code=known,
        timezone=own.get("zone", "Europe/Paris"),
        alsace_moselle=own.get("profile") == "alsace-moselle",
        overseas=own.get("overseas", False),
        abolition=tuple(own.get("abolition", ())),
    )
