"""What is asked of a host: which fields of a convention's form, page by page (asked.json)."""

import json
from dataclasses import replace
from pathlib import Path

from pfmp_saas.conventions.steps import Field, Step, steps_of
from pfmp_saas.types.model import ConventionType

_ASKED = json.loads(Path(__file__).with_name("asked.json").read_text(encoding="utf-8"))
WEEK = "timetable"
"""The path of the usual week, which has inputs of its own."""


def pages_of(kind: ConventionType) -> dict[str, Step]:
    """Return the pages that a host fills for a type, by slug: those fields alone that the type's form has."""
    steps = steps_of(kind)
    pages = (
        _page(steps[each["slug"]], each["title"], each["paths"]) for each in _ASKED if each["slug"] in steps
    )
    return {page.slug: page for page in pages if page.fields or page.slug == "horaires"}


def _page(step: Step, title: str, paths: list[str]) -> Step:
    known: dict[str, Field] = {field.path: field for field in step.fields}
    return replace(step, title=title, fields=tuple(known[path] for path in paths if path in known))


def fields_of(kind: ConventionType) -> dict[str, Field]:
    """Return every field that a host fills, by path, the usual week among them."""
    found = {field.path: field for page in pages_of(kind).values() for field in page.fields}
    return {WEEK: Field(WEEK, "Horaires de la semaine"), **found}
