"""Which column says what: headers are matched by meaning, as schools write them.

« Courriel repr. légal », « Mail responsable » and « e-mail du parent » are one column. What nothing takes is told.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pfmp_saas.core.text import fold

_GUARDIAN = re.compile(
    r"\b(repr|representants?|responsables?|resp|parents?|tuteur legal|pere|mere|famille rl|rl)\b"
)
_SECOND = re.compile(r"\b(autre|second|seconde|deuxieme|2|mere)\b")
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "email": r"\b(courriel|mails?|e mail|email|mel|adresse electronique)\b",
        "phone": r"\b(tel|telephone|portable|mobile)\b",
        "address": r"\badresse\b",
        "full_name": r"\bnom\b.*\bprenom\b|\bprenom\b.*\bnom\b",
        "first_name": r"\bprenoms?\b",
        "usage_name": r"\bnom (d )?usage\b",
        "name": r"\bnom\b",
    }
)
"""What a person's column holds; the first that matches."""
_PUPIL: Mapping[str, str] = MappingProxyType(
    {
        "birth_date": r"\bdate (de )?naiss(ance)?\b|^naissance$|\bnee? le\b|\bne e le\b|^ddn$|\bdate naissance\b",
        "medical_opinion_on": r"\bavis medical\b",
        "left_on": r"\bdate (de )?sortie\b|^sortie$",
        "status": r"\bstatut\b",
        "national_id": r"^ine$|\bid national\b|\b(numero|n) ine\b|\bidentifiant national\b",
        "mef": r"\bmef\b",
        "course_hours": r"\bheures\b",
        "diploma": r"\bdiplome\b",
        "course_title": r"\bintitule\b|\b(libelle )?formation\b|\bspecialite\b",
        "class_name": r"\bclasse\b|\bdivision\b|^div$",
        "full_name": r"^eleve$|^eleves$",
    }
)
NOTHING: Mapping[str, str] = MappingProxyType({})
_PERSON = {"name": "last_name"}
_OF_GUARDIAN = {"email", "phone", "address", "full_name", "first_name", "name"}
_OTHERS = re.compile(r"\b(commune|ville|pays|lieu|code postal|date|sexe|civilite|lien|tuteur)\b")
REQUIRED = ("last_name", "birth_date")
FRENCH = {"last_name": "nom", "birth_date": "date de naissance"}
_GUARDIANS = {
    "full_name": "nom et prénom",
    "name": "nom",
    "first_name": "prénom",
    "email": "courriel",
    "phone": "téléphone",
    "address": "adresse",
}
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "last_name": "Nom",
        "first_name": "Prénom",
        "full_name": "Nom et prénom ensemble",
        "birth_date": "Date de naissance",
        "class_name": "Classe",
        "email": "Courriel de l’élève",
        "phone": "Téléphone de l’élève",
        "address": "Adresse de l’élève",
        "mef": "Code MEF",
        "diploma": "Diplôme",
        "course_title": "Intitulé de la formation",
        "course_hours": "Heures de la formation",
        "medical_opinion_on": "Date de l’avis médical",
        "usage_name": "Nom d’usage",
        "status": "Statut (élève, apprenti)",
        "left_on": "Date de sortie",
    }
    | {
        f"guardian{rank}_{part}": f"Représentant {rank} : {label}"
        for rank in (1, 2)
        for part, label in _GUARDIANS.items()
    }
)
"""What a column may be said to hold, and its name in French."""


def meaning(header: str) -> str | None:
    """Return what a column holds: a pupil's field, ``guardian1_…``, ``guardian2_…``; None when nothing takes it."""
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(header)).split())
    if not plain:
        return None
    if _GUARDIAN.search(plain):
        return _guardian(plain)
    own = next((field for field, pattern in _PUPIL.items() if re.search(pattern, plain)), None)
    if own is not None or _OTHERS.search(plain):
        return own
    kind = _kind(plain)
    return _PERSON.get(kind, kind) if kind else None


def _guardian(plain: str) -> str | None:
    rank = 2 if _SECOND.search(plain) else 1
    kind = _kind(plain)
    if kind is None:
        kind = None if _OTHERS.search(plain) else "name"
    return f"guardian{rank}_{kind}" if kind in _OF_GUARDIAN else None


def _kind(plain: str) -> str | None:
    return next((kind for kind, pattern in _KINDS.items() if re.search(pattern, plain)), None)


def key(header: str) -> str:
    """Return a header as one school's correction of its match is kept: as names are compared, on one line."""
    return " ".join(fold(header).split())


def matched(headers: Sequence[str], chosen: Mapping[str, str] = NOTHING) -> tuple[dict[str, int], list[str]]:
    """Return the place of each field, the first column that means it, and the headers that nothing takes.

    ``chosen`` are fields by the :func:`key` of their header, "" for none: what the school has said goes first.
    """
    places: dict[str, int] = {
        chosen[key(header)]: place
        for place, header in reversed(list(enumerate(headers)))
        if chosen.get(key(header))
    }
    left = []
    for place, header in enumerate(headers):
        said = chosen.get(key(header)) if header.strip() else None
        field = meaning(header) if said is None else said
        if field and places.get(field) == place:
            continue
        if field and field not in places:
            places[field] = place
        elif header.strip():
            left.append(header.strip())
    return places, left


def missing(places: Mapping[str, int]) -> str | None:
    """Return the French name of a required column that is not there, None when all are."""
    held = {"last_name"} if "full_name" in places else set()
    return next((FRENCH[field] for field in REQUIRED if field not in places and field not in held), None)
