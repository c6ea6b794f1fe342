"""The declaration of an accident prefilled: the sections of the official form (Cerfa 14463) with what is known. Pure.

What the service cannot know, and every detail of health, is left blank to be written by hand.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pfmp_saas.accidents.models import Accident
from pfmp_saas.conventions.hours import DAY_NAMES
from pfmp_saas.core import dates
from pfmp_saas.documents.content import Block, Bullets, Field, Fields, Part, Rendered, Run, Text
from pfmp_saas.documents.versions import render
from pfmp_saas.types.compose import compose_beside
from pfmp_saas.types.model import ConventionType

_TEXT = Path(__file__).with_name("declaration.json")
_WHO = {"host": "l’organisme d’accueil", "school": "l’établissement scolaire"}
Data = Mapping[str, Any]


def render_declaration(kind: ConventionType, data: Data, row: Accident, now: datetime) -> Rendered:
    """Render what a declaration of an accident asks, in the order of the form; ``now`` is UTC. Raises InvalidData."""
    words = _words()
    parts = [
        Part(words["heading"], tuple(_lead(row, now)), show_title=False),
        Part(words["employer"], (_employer(data, row),)),
        Part(words["victim"], (_victim(data),)),
        Part(words["accident"], (_when(data, row), *_told(row))),
        Part(
            words["injuries"], (_blanks("Siège des lésions", "Nature des lésions", "Victime transportée à"),)
        ),
        Part(words["people"], (_people(row),)),
        Part(words["known"], (_known(row), Bullets((), 1), Text((Run(words["signature"]),)), Bullets((), 2))),
    ]
    content = compose_beside(kind, data, words["heading"], parts, ())
    return render(replace(content, subheading="", footer=words["footer"]))  # not the convention-type's own


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(_TEXT.read_text(encoding="utf-8"))
    return words


def _lead(row: Accident, now: datetime) -> list[Block]:
    words, local = _words(), row.deadline.astimezone(ZoneInfo(row.timezone))
    deadline = f"{dates.written(local)} à {local:%H:%M}"
    sentences = [
        words["lead"],
        words["deadline"].format(who=_WHO[row.declarant], recipient=row.recipient, deadline=deadline),
        *([words["late"]] if now >= row.deadline and row.declared_at is None else []),
        words["where"][row.recipient],
        *([words["copy"]] if row.declarant == "host" else []),
    ]
    return [Text((Run(each),)) for each in sentences]


def _employer(data: Data, row: Accident) -> Fields:
    name = "host" if row.declarant == "host" else "school"
    one = data.get(name) or {}
    number = ("SIRET", one.get("siret")) if name == "host" else ("Numéro UAI", one.get("uai"))
    asked = [("Nom ou raison sociale", one.get("name")), number, ("Adresse", one.get("address"))]
    asked += [("Téléphone", one.get("phone"))]
    if name == "school":  # the placement's host is where it happened
        host = data.get("host") or {}
        asked += [
            ("Organisme d’accueil", host.get("name")),
            ("SIRET de l’organisme d’accueil", host.get("siret")),
        ]
    return _fields(asked)


def _victim(data: Data) -> Fields:
    student = data.get("student") or {}
    born = student.get("birth_date")
    full = " ".join(filter(None, (student.get("last_name"), student.get("first_name"))))
    school = (data.get("school") or {}).get("name")
    return _fields(
        [
            ("Nom et prénom", full),
            ("Date de naissance", dates.written(datetime.fromisoformat(born)) if born else ""),
            ("Numéro d’immatriculation", ""),
            ("Nationalité", ""),
            ("Adresse", student.get("address")),
            ("Profession", "Élève ou étudiant en formation en milieu professionnel"),
            ("Établissement scolaire", school),
            (
                "Classe, diplôme préparé",
                " – ".join(filter(None, (student.get("class_name"), student.get("diploma")))),
            ),
        ]
    )


def _when(data: Data, row: Accident) -> Fields:
    local = row.occurred_at.astimezone(ZoneInfo(row.timezone))
    return _fields(
        [
            ("Jour", f"{list(DAY_NAMES.values())[local.weekday()].lower()} {dates.written(local)}"),
            ("Heure", f"{local:%H:%M}"),
            ("Lieu", row.place),
            ("Accident de trajet", "oui" if row.commuting else "non"),
            ("Horaire de la victime ce jour-là", _hours(data, local)),
        ]
    )


def _hours(data: Data, local: datetime) -> str:
    """Return the hours of presence that the convention gives for a day, « repos » for none."""
    dated, week = data.get("days") or {}, data.get("timetable") or {}
    slots = dated.get(local.date().isoformat(), week.get(list(DAY_NAMES)[local.weekday()]) or [])
    return " et ".join(f"de {start} à {end}" for start, end in slots) or "aucun prévu par la convention"


def _told(row: Accident) -> list[Block]:
    asked = (
        ("Activité de la victime lors de l’accident", row.activity),
        ("Ce qui s’est passé", row.circumstances),
        ("Objet dont le contact a blessé la victime", row.cause),
    )
    blocks: list[Block] = []
    for label, value in asked:
        first, *rest = value.splitlines() or [""]
        blocks += [
            Text((Run(f"{label} : ", bold=True), Run(first))),
            *(Text((Run(each),)) for each in rest if each),
        ]
        if not value:
            blocks.append(Bullets((), 1))
    return blocks


def _people(row: Accident) -> Fields:
    return _fields([("Témoins", row.witnesses), ("Accident causé par un tiers", row.third_party)])


def _known(row: Accident) -> Fields:
    local = row.known_at.astimezone(ZoneInfo(row.timezone))
    who = "Connu de l’organisme d’accueil le" if row.declarant == "host" else "Connu de l’établissement le"
    return _fields([(who, f"{dates.written(local)} à {local:%H:%M}"), ("Par qui, comment", "")])


def _blanks(*labels: str) -> Fields:
    return _fields([(label, "") for label in labels])


def _fields(asked: list[tuple[str, Any]]) -> Fields:
    return Fields(tuple(Field(label, str(value or ""), wide=True) for label, value in asked), 1)
