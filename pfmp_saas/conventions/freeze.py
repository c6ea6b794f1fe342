"""The signers of a convention, by the law of the day of sending, and the document that they sign."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from pfmp_saas.conventions import errors
from pfmp_saas.core.years import MAJORITY, age_on
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.versions import CURRENT, render
from pfmp_saas.signing.use_cases import SignerSpec
from pfmp_saas.types.compose import compose
from pfmp_saas.types.model import ConventionType

Data = Mapping[str, Any]
PAPER_FIELDS = frozenset({"host_representative", "student", "tutor"})
"""Who may have no address at all: the school's own people have one."""


def render_convention(kind: ConventionType, data: Data, version: str = CURRENT) -> Rendered:
    """Render a convention as it stands; the same type, data and version of the renderer give the same bytes."""
    return render(compose(kind, data), version)


def signers(data: Data, today: date, on_paper: Collection[str] = ()) -> tuple[SignerSpec, ...]:
    """Return the five signers; a minor on ``today`` (local date) is represented (S-nat article 3).

    ``on_paper`` names the fields whose signer has no address and will sign on paper, as the school said.
    Raises DomainError naming whoever has no name, or no address.
    """
    specs = five_of(data, today)
    missing = [
        spec.capacity.lower()
        for spec in specs
        if not spec.name or not (spec.email or spec.field in PAPER_FIELDS & set(on_paper))
    ]
    if missing:
        raise errors.SignersMissing(who=", ".join(missing))
    return specs


def without_address(data: Data, today: date) -> tuple[SignerSpec, ...]:
    """Return the named signers who can be asked on paper only, for want of an address."""
    return tuple(
        spec for spec in five_of(data, today) if spec.name and not spec.email and spec.field in PAPER_FIELDS
    )


def five_of(data: Data, today: date) -> tuple[SignerSpec, ...]:
    """Return the five signers that the data name on ``today`` (local), even without a name or an address."""
    host, student = data.get("host") or {}, data.get("student") or {}
    return (
        _spec("head", "Chef d’établissement", (data.get("school") or {}).get("head")),
        _spec("host_representative", "Représentant de l’organisme d’accueil", host.get("representative")),
        _family(student, today),
        _spec("referent", "Enseignant référent", data.get("referent")),
        _spec("tutor", "Tuteur", data.get("tutor")),
    )


def family(five: tuple[SignerSpec, ...]) -> dict[str, str]:
    """Return the signer for the pupil that the document prints: the pupil or a parent."""
    return {"name": "student", "label": five[2].capacity, "person": five[2].name}


def in_turn(kind: ConventionType, specs: tuple[SignerSpec, ...]) -> tuple[SignerSpec, ...]:
    """Return the signers in the order of the type's ranks where it sets one, as they are otherwise."""
    ranks = {signer.name: signer.rank for signer in kind.signers}
    return tuple(sorted(specs, key=lambda spec: ranks[spec.field])) if kind.in_order else specs


def _family(student: Data, today: date) -> SignerSpec:
    if is_minor(student, today):
        return _spec("student", "Représentant légal de l’élève", student.get("guardian"))
    name = f"{student.get('first_name') or ''} {student.get('last_name') or ''}".strip()
    return SignerSpec("student", "Élève", name, student.get("email") or "")


def is_minor(student: Data, today: date) -> bool:
    """Tell whether the student is under eighteen on ``today``; an unknown birth date counts as a minor."""
    text = student.get("birth_date")
    if not text:
        return True
    return age_on(date.fromisoformat(text), today) < MAJORITY


def _spec(field: str, capacity: str, person: Data | None) -> SignerSpec:
    person = person or {}
    return SignerSpec(field, capacity, person.get("name") or "", person.get("email") or "")
