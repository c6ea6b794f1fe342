"""The signers of a convention, by the law of the day of sending, and the document that they sign."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from pfmp_saas.conventions import errors
from pfmp_saas.core.roles import by_delegation, is_by_delegation
from pfmp_saas.core.years import MAJORITY, age_on, anniversary
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.versions import CURRENT, render
from pfmp_saas.signing.opening import SignerSpec
from pfmp_saas.types.compose import compose
from pfmp_saas.types.model import ConventionType

Data = Mapping[str, Any]
HEAD = "Chef d’établissement"
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
        _head(data.get("school") or {}),
        _spec("host_representative", "Représentant de l’organisme d’accueil", host.get("representative")),
        _family(student, today),
        _spec("referent", "Enseignant référent", data.get("referent")),
        _spec("tutor", "Tuteur", data.get("tutor")),
    )


def _head(school: Data) -> SignerSpec:
    """Return the head, or the deputy who signs by delegation."""
    head, deputy = school.get("head") or {}, school.get("deputy")
    if not deputy:
        return _spec("head", HEAD, head)
    return _spec("head", by_delegation(HEAD, head.get("name") or ""), deputy)


def printed(five: tuple[SignerSpec, ...]) -> list[dict[str, str]]:
    """Return the signers that the document prints otherwise than its type does: the pupil or a parent, a deputy."""
    head = [five[0]] if is_by_delegation(five[0].capacity) else []
    return [{"name": spec.field, "label": spec.capacity, "person": spec.name} for spec in (*head, five[2])]


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


def comes_of_age(data: Data, today: date, ends_on: date | None) -> date | None:
    """Return the day on which a pupil who is a minor on ``today`` (local) comes of age, if the placement is not over by then.

    From that day on the pupil signs, and is written to, in the parents' place.
    """
    text = (data.get("student") or {}).get("birth_date")
    if not text or ends_on is None:
        return None
    day = anniversary(date.fromisoformat(text), MAJORITY)
    return day if today < day <= ends_on else None


def _spec(field: str, capacity: str, person: Data | None) -> SignerSpec:
    person = person or {}
    return SignerSpec(field, capacity, person.get("name") or "", person.get("email") or "")
