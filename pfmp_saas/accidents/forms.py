"""Reading the accident form: local instants at the place of work, and what happened, each fault beside its field."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pfmp_saas.core.reading import Reading

_SHAPES = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%d/%m/%Y à %H:%M")
INSTANTS = ("occurred_at", "known_at")
TEXTS = {"place": 300, "circumstances": 4000}


def read(typed: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Reading:
    """Read the accident form; instants without offset are local to ``zone``."""
    reading = Reading()
    for name in INSTANTS:
        _instant(reading, name, typed.get(name, ""), zone, now)
    for name, limit in TEXTS.items():
        _text(reading, name, typed.get(name, ""), limit)
    occurred, known = (reading.values.get(name) for name in INSTANTS)
    if occurred and known and known < occurred:
        reading.errors["known_at"] = "L’accident n’a pas pu être connu avant d’être arrivé."
    return reading


def _instant(reading: Reading, name: str, typed: str, zone: ZoneInfo, now: datetime) -> None:
    instant = _parse(typed.strip(), zone)
    if instant is None:
        reading.errors[name] = "Indiquez un jour et une heure qui existent, par exemple 12/01/2027 14:30."
    elif instant > now:
        reading.errors[name] = "Ce moment est dans le futur."
    else:
        reading.values[name] = instant


def _parse(typed: str, zone: ZoneInfo) -> datetime | None:
    for shape in _SHAPES:
        try:
            local = datetime.strptime(typed, shape).replace(tzinfo=zone)
        except ValueError:
            continue
        return local.astimezone(UTC) if local.year >= 2000 else None
    return None


def _text(reading: Reading, name: str, typed: str, limit: int) -> None:
    text = typed.replace("\x00", "").strip()
    if not text:
        reading.errors[name] = "À remplir en quelques mots."
    elif len(text) > limit:
        reading.errors[name] = f"{limit} caractères au plus ; il y en a {len(text)}."
    else:
        reading.values[name] = text
