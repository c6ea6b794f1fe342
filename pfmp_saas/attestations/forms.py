"""Reading the attestation form: days and euros as people type them, each fault beside its field."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pfmp_saas.core.reading import Reading

_LIMITS = {"effective_days": Decimal(200), "gratification": Decimal(100_000)}
_EXACT = {
    "effective_days": (Decimal("0.1"), "Une décimale au plus : 15 ou 12,5."),
    "gratification": (Decimal("0.01"), "Deux décimales au plus : 312,50."),
}
"""What is kept, and printed, of each: nothing is rounded behind who signs."""
_BLANKS = str.maketrans("", "", " \u00a0\u202f€")


def shown(planned_days: int, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the first answers: the days that the convention ``data`` plans, no money, the host's town."""
    return {"effective_days": str(planned_days), "gratification": "0", "place": _town(data)}


def _town(data: Mapping[str, Any]) -> str:
    last = str((data.get("host") or {}).get("address") or "").rsplit(",", 1)[-1].strip()
    return last.lstrip("0123456789 ")


def read(typed: Mapping[str, str]) -> Reading:
    """Read ``effective_days`` (D124-6 days), ``gratification`` (euros) and ``place``."""
    place = typed.get("place", "").replace("\x00", "").strip()
    reading = Reading({"place": place})
    for name, limit in _LIMITS.items():
        _number(reading, name, typed.get(name, ""), limit)
    if not place or len(place) > 120:
        reading.errors["place"] = "Indiquez la commune (120 caractères au plus)."
    return reading


def _number(reading: Reading, name: str, typed: str, limit: Decimal) -> None:
    text = typed.translate(_BLANKS).replace(",", ".") or ("0" if name == "gratification" else "")
    try:
        value = Decimal(text)
    except InvalidOperation:
        reading.errors[name] = "Écrivez un nombre, par exemple 15 ou 12,5."
        return
    if not value.is_finite() or not 0 <= value <= limit:
        reading.errors[name] = f"Un nombre entre 0 et {limit}."
        return
    step, message = _EXACT[name]
    if value != value.quantize(step):
        reading.errors[name] = message
        return
    reading.values[name] = value
