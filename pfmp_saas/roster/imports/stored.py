"""What was read of files, as JSON between the dry run and the import."""

from dataclasses import asdict
from datetime import date
from typing import Any

from pfmp_saas.roster.reading.values import Doubt, Fault, ReadColumn, ReadGuardian, ReadPupil, Roster

Json = dict[str, Any]
_DAYS = ("birth_date", "medical_opinion_on", "left_on")


def as_json(found: Roster) -> Json:
    """Return what was read as JSON."""
    whole = asdict(found)
    for pupil in whole["pupils"]:
        for name in _DAYS:
            pupil[name] = pupil[name].isoformat() if pupil[name] else None
    return whole


def roster(stored: Json) -> Roster:
    """Return what :func:`as_json` kept."""
    return Roster(
        pupils=tuple(_pupil(each) for each in stored.get("pupils", ())),
        faults=tuple(Fault(**each) for each in stored.get("faults", ())),
        doubts=tuple(Doubt(**each) for each in stored.get("doubts", ())),
        columns_left=tuple((file, name) for file, name in stored.get("columns_left", ())),
        columns=tuple(ReadColumn(**each) for each in stored.get("columns", ())),
        whole=stored.get("whole", False),
    )


def _pupil(stored: Json) -> ReadPupil:
    days = {name: date.fromisoformat(stored[name]) if stored[name] else None for name in _DAYS}
    guardians = tuple(ReadGuardian(**each) for each in stored["guardians"])
    return ReadPupil(**{**stored, **days, "guardians": guardians})
