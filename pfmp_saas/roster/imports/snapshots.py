"""A pupil and the guardians at one moment, as plain data: what is compared, kept for an undo, and put back."""

from datetime import date
from typing import Any

from pfmp_saas.core.text import fold
from pfmp_saas.roster.models import Guardian, Student
from pfmp_saas.roster.reading.values import ReadGuardian, ReadPupil

Json = dict[str, Any]
LABELS = {
    "last_name": "nom",
    "first_name": "prénom",
    "birth_date": "naissance",
    "class_name": "classe",
    "mef": "MEF",
    "diploma": "diplôme",
    "course_title": "intitulé",
    "course_hours": "heures",
    "address": "adresse",
    "email": "courriel",
    "phone": "téléphone",
    "medical_opinion_on": "avis médical",
    "left_on": "sortie",
}
"""What an import may change of a pupil, and its name in French."""
_DAYS = ("birth_date", "medical_opinion_on", "left_on")


def of(row: Student) -> Json:
    """Return a pupil as he or she stands."""
    shot: Json = {name: getattr(row, name) for name in LABELS}
    for name in _DAYS:
        shot[name] = shot[name].isoformat() if shot[name] else None
    shot["guardians"] = [
        {"name": each.name, "email": each.email, "phone": each.phone} for each in row.guardians
    ]
    return shot


def nobody() -> Json:
    """Return what a pupil is of whom nothing is known."""
    blank: Json = dict.fromkeys(LABELS, "")
    return blank | {"course_hours": None, "guardians": []} | dict.fromkeys(_DAYS)


def told(before: Json, pupil: ReadPupil, *, whole: bool) -> Json:
    """Return a pupil as files tell it: what they leave blank stays, and who is in them is at the school.

    The guardians of files that are ``whole`` are all there are; a list's stand before those known beside them.
    """
    after = dict(before)
    for name in LABELS:
        value = getattr(pupil, name)
        if value:
            after[name] = value.isoformat() if isinstance(value, date) else value
    after["left_on"] = None
    if pupil.guardians:
        after["guardians"] = _guardians(before["guardians"], pupil.guardians, whole=whole)
    return after


def _guardians(known: list[Json], read: tuple[ReadGuardian, ...], *, whole: bool) -> list[Json]:
    """Return the guardians read, completed by what is known of them, then the others."""
    by_name = {_name(each["name"]): each for each in known}
    found = []
    for each in read:
        before = by_name.get(_name(each.name), {"email": "", "phone": ""})
        found.append(
            {
                "name": each.name,
                "email": each.email or before["email"],
                "phone": each.phone or before["phone"],
            }
        )
    named = {_name(each["name"]) for each in found}
    others = [each for each in known[len(found) :] if _name(each["name"]) not in named]
    return found if whole else found + others


def _name(text: str) -> tuple[str, ...]:
    """Return a person's name as two files are compared: « Ana MOREL » and « Morel Ana » are one."""
    return tuple(sorted(fold(text).split()))


def put(row: Student, shot: Json) -> None:
    """Make a pupil stand as a snapshot says."""
    for name in LABELS:
        value = shot[name]
        value = date.fromisoformat(value) if name in _DAYS and value else value
        if getattr(row, name) != value:
            setattr(row, name, value)
    wanted = shot["guardians"]
    del row.guardians[len(wanted) :]
    for position, each in enumerate(wanted, start=1):
        if position > len(row.guardians):
            row.guardians.append(Guardian(tenant_id=row.tenant_id, **each, position=position))
            continue
        kept = row.guardians[position - 1]
        kept.position, kept.name, kept.email, kept.phone = (
            position,
            each["name"],
            each["email"],
            each["phone"],
        )


def differences(before: Json, after: Json) -> list[tuple[str, str, str]]:
    """Return what differs: its French name, as it was and as it is, as people read them."""
    found = [
        (label, _shown(before[name]), _shown(after[name]))
        for name, label in LABELS.items()
        if before[name] != after[name]
    ]
    if before["guardians"] != after["guardians"]:
        found.append(("représentants", _people(before["guardians"]), _people(after["guardians"])))
    return found


def _shown(value: Any) -> str:
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except (TypeError, ValueError):
        return "" if value is None else str(value)


def _people(guardians: list[Json]) -> str:
    parts = (", ".join(filter(None, (each["name"], each["email"], each["phone"]))) for each in guardians)
    return " ; ".join(parts)
