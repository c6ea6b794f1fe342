"""What a school prints on its conventions and asks of its head, read from its settings page."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pfmp_saas.core import reading
from pfmp_saas.core.reading import Reading

FIELDS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "address": ("Adresse", "text", reading.line),
    "phone": ("Téléphone", "tel", reading.line),
    "email": ("Adresse électronique de l’établissement", "email", reading.email),
    "board_date": ("Convention-type votée par le conseil d’administration le", "date", reading.day),
    "insurer_name": ("Assureur", "text", reading.line),
    "insurer_policy": ("No de contrat d’assurance", "text", reading.line),
    "school_holidays": ("Vacances scolaires, à confirmer par l’établissement", "periods", reading.periods),
    "head_second_factor": (
        "Exiger du chef d’établissement une double authentification",
        "tick",
        reading.line,
    ),
}


def read(typed: Mapping[str, str]) -> Reading:
    """Read the settings form."""
    reading = Reading()
    for name, (_, kind, reader) in FIELDS.items():
        try:
            value = reader(typed.get(name, "").strip())
        except ValueError as error:
            reading.errors[name] = str(error)
        else:
            reading.values[name] = _stored(kind, value)
    return reading


def _stored(kind: str, value: Any) -> Any:
    if kind == "date":
        return date.fromisoformat(value) if value else None
    if kind == "tick":
        return bool(value)
    return value or ([] if kind == "periods" else "")


def shown(value: object) -> str:
    """Return a setting as its field shows it; periods one a line."""
    if isinstance(value, list):
        days = ([date.fromisoformat(period[key]) for key in ("start", "end")] for period in value)
        return "\n".join(f"{start:%d/%m/%Y} au {end:%d/%m/%Y}" for start, end in days)
    if isinstance(value, bool):
        return "oui" if value else ""
    return "" if value is None else str(value)
