"""The JSON Schema of a type's document (``pfmp-type/3``), drawn from the model's own classes."""

import types
from dataclasses import MISSING, Field, fields
from typing import Any, get_args, get_origin, get_type_hints

from pfmp_saas.law.checks import TOPICS
from pfmp_saas.law.checks.model import CODES
from pfmp_saas.types import model, templates
from pfmp_saas.types.document import FORMAT
from pfmp_saas.types.formats import FORMATS

Json = dict[str, Any]
BLOCKS: dict[str, type] = {
    "text": templates.TextT,
    "bullets": templates.BulletsT,
    "fields": templates.FieldsT,
    "ticks": templates.TicksT,
    "heading": templates.HeadingT,
    "answer": templates.AnswerT,
    "list": templates.ListT,
    "periods": templates.PeriodsT,
    "timetable": templates.TimetableT,
    "dated_hours": templates.DatedHoursT,
    "works": templates.WorksT,
    "panel": templates.PanelT,
    "signatures": templates.SignaturesT,
}
_BLOCK = {"$ref": "#/$defs/block"}
_TEXT: Json = {"type": "string"}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_FLAG: Json = {"type": "boolean"}
_DAY: Json = {"type": "string", "format": "date"}


def type_schema() -> Json:
    """Return the JSON Schema (draft 2020-12) of a convention type as one document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:pfmp:type",
        "title": "Une convention-type",
        "description": "Un modèle livré avec le service : le dossier d’un type, en un seul document. Ses textes citent des champs entre accolades, d’une liste fermée ; un alinéa d’article qui commence par {si mineur} ne s’imprime que dans ce cas.",
        "type": "object",
        "required": [
            "format",
            "slug",
            "version",
            "articles",
            "header",
            "annexes",
            "signers",
            "mentions",
            "rules",
        ],
        "additionalProperties": False,
        "properties": _top(),
        "$defs": {"block": {"anyOf": [_block(name, kind) for name, kind in BLOCKS.items()]}},
    }


def _top() -> Json:
    texts = ("slug", "version", "label", "heading", "subheading", "footer", "articles_title")
    return {
        "format": {"const": FORMAT},
        **dict.fromkeys(texts, _TEXT),
        "accident_regime": {"enum": ["general", "agricultural"]},
        "valid_from": _DAY,
        "valid_until": {"anyOf": [_DAY, {"type": "null"}]},
        **dict.fromkeys(("legal_basis", "to_confirm", "parties", "order"), _TEXTS),
        "header_origin": {"enum": [templates.STATUTORY, templates.OURS]},
        "dense_header": _FLAG,
        "defaults": {"type": "object", "additionalProperties": {"type": "number"}},
        "rules": _rules(),
        "signers": _list(_of(model.Signer)),
        "impact": _list(_of(model.ImpactRow)),
        "mentions": _list(_of(model.Mention)),
        "header": _list(_BLOCK),
        "closing": _list(_BLOCK),
        "articles": _list(_object({"title": _TEXT, "text": _TEXT}, ["title", "text"])),
        "annexes": _list(_of(model.Annex)),
        "attestation": _of(model.Attestation),
        "evaluation": _of(model.Evaluation),
        "fields": {"type": "object", "additionalProperties": _rule()},
    }


def _rules() -> Json:
    numbers = _list({"type": "integer", "minimum": 1})
    flags = dict.fromkeys(("agricultural", "night_needs_naming", "counts_sequences"), _FLAG)
    articles = {"type": "object", "propertyNames": {"enum": list(TOPICS)}, "additionalProperties": numbers}
    codes = _list({"enum": list(CODES)})
    return _object(
        {"model": _TEXT, "articles": articles, "overridable": codes, **flags}, ["model", "articles"]
    )


def _rule() -> Json:
    rule = _of(model.FieldRule)
    rule["properties"]["format"] = {"enum": sorted(FORMATS)}
    return rule


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _object(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _block(name: str, kind: type) -> Json:
    made = _of(kind)
    made["properties"] = {"kind": {"const": name}, **made["properties"]}
    made["required"] = ["kind", *made["required"]]
    return made


_OPTIONAL = {"content", "place", "origin", "blocks"}
"""Keys that an annex may leave out: the loader knows what stands for them."""


def _of(kind: type) -> Json:
    hints = get_type_hints(kind)
    required = [each.name for each in fields(kind) if _needed(kind, each)]
    return _object({each.name: _schema(hints[each.name]) for each in fields(kind)}, required)


def _needed(kind: type, field: "Field[Any]") -> bool:
    return field.default is MISSING and not (kind is model.Annex and field.name in _OPTIONAL)


def _schema(hint: Any) -> Json:
    if get_origin(hint) is tuple:
        return _list(_schema(get_args(hint)[0]))
    if isinstance(hint, types.UnionType) or get_origin(hint) is not None:
        return _BLOCK
    return {str: _TEXT, int: {"type": "integer"}, bool: {"type": "boolean"}}.get(hint) or _of(hint)
