"""Template blocks from a type's JSON files: one ``kind`` per class, no unknown key accepted."""

from collections.abc import Callable
from typing import Any

from pfmp_saas.types import model
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.model import BlockT


def parse_all(raw: list[dict[str, Any]], where: str) -> tuple[BlockT, ...]:
    """Blocks of a JSON list; :class:`InvalidType` names the block that is wrong."""
    return tuple(_parse(block, f"{where}, bloc {rank}") for rank, block in enumerate(raw, 1))


def _parse(raw: dict[str, Any], where: str) -> BlockT:
    values = {key: value for key, value in raw.items() if key != "kind"}
    try:
        return _KINDS[raw["kind"]](values)
    except (KeyError, TypeError) as error:
        raise InvalidType(f"{where} : {error}") from error


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _fields(values: dict[str, Any]) -> model.FieldsT:
    return model.FieldsT(tuple(model.FieldT(**item) for item in values["items"]), values.get("columns", 2))


def _ticks(values: dict[str, Any]) -> model.TicksT:
    items = tuple(model.TickT(**item) for item in values["items"])
    return model.TicksT(items, values.get("columns", 4))


def _panel(values: dict[str, Any]) -> model.PanelT:
    return model.PanelT(values["title"], parse_all(values["blocks"], values["title"]))


_KINDS: dict[str, Callable[[dict[str, Any]], BlockT]] = {
    "text": lambda values: model.TextT(**values),
    "bullets": lambda values: model.BulletsT(**_tuples(values)),
    "fields": _fields,
    "ticks": _ticks,
    "heading": lambda values: model.HeadingT(**values),
    "answer": lambda values: model.AnswerT(**values),
    "list": lambda values: model.ListT(**values),
    "periods": lambda values: model.PeriodsT(**values),
    "timetable": lambda values: model.TimetableT(**_tuples(values)),
    "dated_hours": lambda values: model.DatedHoursT(**values),
    "works": lambda values: model.WorksT(**values),
    "panel": _panel,
    "signatures": lambda values: model.SignaturesT(**values),
}
