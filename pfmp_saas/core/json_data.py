"""Reading of JSON from outside: its text, then its JSON Schema; a fault is one French line that names the path."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pfmp_saas.core.errors import DomainError

_DEEPEST = 40  # levels of objects and lists; a convention has five
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

Node = Mapping[str, Any]


class InvalidData(DomainError):
    """Data cannot be read: ``path`` says where, ``reason`` why, in French, on one line."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = _UNPRINTABLE.sub("�", path)[:120] or "(racine)"
        self.reason = _UNPRINTABLE.sub("�", reason)
        super().__init__(f"{self.path} : {self.reason}")


def loads(text: str) -> object:
    """Return the JSON value of ``text``. Raises InvalidData for a fault, a key given twice, NaN, too many levels."""
    try:
        return json.loads(text, object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise InvalidData("(racine)", f"JSON invalide, ligne {error.lineno}, colonne {error.colno}") from None
    except RecursionError:
        raise InvalidData("(racine)", "JSON trop profond") from None
    except InvalidData:
        raise
    except ValueError:  # an integer of thousands of digits
        raise InvalidData("(racine)", "JSON invalide : un nombre est démesuré") from None


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise InvalidData(double[:60], "cette clé est donnée deux fois")
    return members


def _no_constant(name: str) -> object:
    raise InvalidData("(racine)", f"{name} n’est pas un nombre JSON")


def validate(data: object, schema: Node) -> None:
    """Check ``data`` against a JSON Schema (draft 2020-12). Raises InvalidData that names the first fault."""
    _depth(data, 0)
    _walk(data, schema, "", schema)


def _depth(value: object, level: int) -> None:
    if level > _DEEPEST:
        raise InvalidData("(racine)", f"plus de {_DEEPEST} niveaux d’objets et de listes")
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        if isinstance(child, dict | list):
            _depth(child, level + 1)


def _walk(value: object, node: Node, path: str, root: Node) -> None:
    while "$ref" in node:
        node = root["$defs"][node["$ref"].rpartition("/")[2]]
    for keyword, test in _KEYWORDS.items():
        if keyword in node and not test(value, node[keyword]):
            raise InvalidData(path, _reason(value, node))
    for child, child_node, child_path in _children(value, node, path):
        _walk(child, child_node, child_path, root)


def _children(value: object, node: Node, path: str) -> Iterator[tuple[object, Node, str]]:
    if isinstance(value, list):
        for rank, item in enumerate(value):
            yield item, node.get("items", {}), f"{path}[{rank}]"
    if not isinstance(value, dict):
        return
    properties, others = node.get("properties", {}), node.get("additionalProperties", {})
    for name, item in value.items():
        below = f"{path}.{name}" if path else name
        if "propertyNames" in node:
            yield name, node["propertyNames"], below
        yield item, properties.get(name, others), below


def _reason(value: object, node: Node) -> str:
    if isinstance(value, dict) and "required" in node:
        absent = [name for name in node["required"] if name not in value]
        if absent:
            return f"il manque « {absent[0]} »"
    return f"{shown(value)} n’est pas {node['title']}"


def shown(value: object) -> str:
    """Return ``value`` as a message quotes it: short, in French where it has no text of its own."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "cet objet"
    if isinstance(value, list):
        return "cette liste"
    text = str(value)[:41]
    return f"« {text[:40]}{'…' if len(text) > 40 else ''} »"


def _is_type(value: object, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    return any(_TYPES[name](value) for name in names)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    """Tell whether JSON Schema sees an integer: 12 and 12.0 are, a boolean is not."""
    return _is_number(value) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


_TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str) and not re.search("[\ud800-\udfff]", value),
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "number": _is_number,
    "integer": _is_integer,
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


def _if(kind: type | tuple[type, ...], test: Callable[[Any, Any], bool]) -> Callable[[object, Any], bool]:
    """A keyword bears on values of its ``kind`` only, as JSON Schema says."""
    return lambda value, limit: isinstance(value, bool) or not isinstance(value, kind) or test(value, limit)


# The keywords that our schemas use; a test holds this reading equal to the jsonschema library's.
_KEYWORDS: dict[str, Callable[[object, Any], bool]] = {
    "type": _is_type,
    "enum": lambda value, allowed: value in allowed and not isinstance(value, bool),
    "pattern": _if(str, lambda value, limit: re.search(limit.replace("$", r"\Z"), value) is not None),
    "minLength": _if(str, lambda value, limit: len(value) >= limit),
    "maxLength": _if(str, lambda value, limit: len(value) <= limit),
    "minimum": _if((int, float), lambda value, limit: value >= limit),
    "maximum": _if((int, float), lambda value, limit: value <= limit),
    "minItems": _if(list, lambda value, limit: len(value) >= limit),
    "maxItems": _if(list, lambda value, limit: len(value) <= limit),
    "maxProperties": _if(dict, lambda value, limit: len(value) <= limit),
    "required": _if(dict, lambda value, names: all(name in value for name in names)),
}
