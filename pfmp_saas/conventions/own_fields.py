"""The fields that a school's own type adds to the law's."""

from collections.abc import Mapping
from typing import Any

from pfmp_saas.law.checks import Finding
from pfmp_saas.types.model import ConventionType

SOURCE = "convention-type de l’établissement"


def absent(kind: ConventionType, data: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return a blocking finding for each of the school's required fields that is blank."""
    answers = data.get("own") or {}
    return tuple(
        Finding("mention-missing", "block", SOURCE, f"{own_field.label} : à remplir", f"own.{own_field.name}")
        for own_field in kind.own_fields
        if own_field.required and answers.get(own_field.name) in (None, "")
    )
