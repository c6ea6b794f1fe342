"""Template blocks from a type's JSON files: one ``kind`` per class, no unknown key accepted."""

from collections.abc import Callable
from typing import Any

from pfmp_saas.types import templates
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.templates import BlockT


def parse_all(raw: list[dict[str, Any]], where: str) -> tuple[BlockT, ...]:
    """Return the blocks of a JSON list. Raises InvalidType that names the block that is wrong."""
    return tuple(_parse(block, f"{where}, bloc {rank}") for rank, block in enumerate(raw, 1))


def _parse(raw: dict[str, Any], where: str) -> BlockT:
    values = {key: value for key, value in raw.items() if key != "kind"}
    try:
        return _KINDS[raw["kind"]](values)
    except (KeyError, TypeError) as error:
        raise InvalidType(f"{where} : {error}") from error


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _fields(values: dict[str, Any]) -> templates.FieldsT:
    return templates.FieldsT(
        tuple(templates.FieldT(**item) for item in values["items"]), values.get("columns", 2)
    )


def _ticks(values: dict[str, Any]) -> templates.TicksT:
    items = tuple(templates.TickT(**item) for item in values["items"])
    return templates.TicksT(items, values.get("columns", 4))


def _panel(values: dict[str, Any]) -> templates.PanelT:
    return templates.PanelT(values["title"], parse_all(values["blocks"], values["title"]))


_KINDS: dict[str, Callable[[dict[str, Any]], BlockT]] = {
    "text": lambda values: templates.TextT(**values),
    "bullets": lambda values: templates.BulletsT(**_tuples(values)),
    "fields": _fields,
    "ticks": _ticks,
    "heading": lambda values: templates.HeadingT(**values),
    "answer": lambda values: templates.AnswerT(**values),
    "list": lambda values: templates.ListT(**values),
    "periods": lambda values: templates.PeriodsT(**values),
    "timetable": lambda values: templates.TimetableT(**_tuples(values)),
    "dated_hours": lambda values: templates.DatedHoursT(**values),
    "works": lambda values: templates.WorksT(**values),
    "panel": _panel,
    "signatures": lambda values: templates.SignaturesT(**values),
}
