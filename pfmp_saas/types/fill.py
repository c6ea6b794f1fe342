"""Template blocks and a convention's data make printed blocks."""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.documents.content import (
    Block,
    Bullets,
    Column,
    Field,
    Fields,
    Heading,
    Panel,
    Run,
    Runs,
    Signatures,
    Table,
    Text,
    Tick,
    Ticks,
)
from pfmp_saas.types import blanks, conditions, formats, model, presence, substitution, templates
from pfmp_saas.types.derived import DERIVED
from pfmp_saas.types.view import View

_DAYS = {
    "monday": "Lundi",
    "tuesday": "Mardi",
    "wednesday": "Mercredi",
    "thursday": "Jeudi",
    "friday": "Vendredi",
    "saturday": "Samedi",
    "sunday": "Dimanche",
}
_NOON = 13 * 60  # a stretch that begins before 1 p.m. is printed in the morning column


@lru_cache(maxsize=1)
def _works() -> dict[str, str]:
    path = Path(__file__).parents[1] / "law" / "works.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["works"])


class Filler:
    """Prints one convention's values into a type's templates; ``blank`` names values to leave blank."""

    def __init__(self, kind: model.ConventionType, view: View, blank: Collection[str] = ()) -> None:
        self.view = view
        self._rules = dict(kind.fields)
        self._blank = blank

    def value(self, name: str) -> str:
        """What the placeholder ``name`` prints; "" or its own blank when there is nothing to print."""
        if name in DERIVED:
            return "" if name in self._blank else DERIVED[name][1](self.view)
        rule = self._rules[name]
        shown = "" if name in self._blank else formats.show(self.view, rule.path, rule.format)
        return shown or rule.blank

    def fill(self, template: str) -> str:
        """Plain text of ``template``."""
        return substitution.fill(template, self.value)

    def runs(self, template: str) -> Runs:
        """Styled text of ``template``."""
        return substitution.runs(template, self.value)

    def blocks(self, templates: tuple[templates.BlockT, ...]) -> tuple[Block, ...]:
        """Printed blocks, in order."""
        return tuple(block for template in templates if self._said(template) for block in self._one(template))

    def _said(self, block: templates.BlockT) -> bool:
        return conditions.holds(getattr(block, "when", ""), self.view)

    def _one(self, block: templates.BlockT) -> tuple[Block, ...]:
        printed: Block
        match block:
            case templates.TextT():
                printed = Text(self.runs(block.text), block.style)
            case templates.BulletsT():
                printed = Bullets(tuple(map(self.runs, block.items)))
            case templates.FieldsT():
                printed = Fields(tuple(map(self._field, block.items)), block.columns)
            case templates.TicksT():
                printed = Ticks(tuple(map(self._tick, block.items)), block.columns)
            case templates.HeadingT():
                printed = Heading(self.fill(block.text), block.level)
            case templates.PanelT():
                printed = Panel(self.fill(block.title), self.blocks(block.blocks))
            case templates.SignaturesT():
                printed = Signatures(block.title)
            case _:
                return self._from_lists(block)
        return (printed,)

    def _from_lists(self, block: templates.BlockT) -> tuple[Block, ...]:
        match block:
            case templates.AnswerT():
                return self._answer(self.fill(block.value))
            case templates.ListT():
                return self._list(block.source)
            case templates.PeriodsT():
                return (self._periods(block),)
            case templates.TimetableT():
                return (self._timetable(block),)
            case templates.DatedHoursT():
                return self._dated(block.label)
            case templates.WorksT():
                return (self._regulated(),)
        raise AssertionError(block)

    def _field(self, field: templates.FieldT) -> Field:
        return Field(field.label, self.fill(field.value), field.suffix, wide=field.wide)

    def _tick(self, tick: templates.TickT) -> Tick:
        shown = self.value(tick.when)
        blank = self._rules[tick.when].blank if tick.when in self._rules else ""
        checked = shown == tick.equals if tick.equals else bool(shown) and shown != blank
        return Tick(self.runs(tick.text), checked=checked)

    def _answer(self, text: str) -> tuple[Block, ...]:
        paragraphs = [piece.strip() for piece in text.split("\n") if piece.strip()]
        return tuple(Text((Run(piece),)) for piece in paragraphs) or (blanks.lines(2),)

    def _list(self, path: str) -> tuple[Block, ...]:
        return (Bullets(tuple((Run(text),) for text in self.view.texts(path)), blank_lines=3),)

    def _periods(self, block: templates.PeriodsT) -> Fields:
        found = presence.periods(self.view)
        shown = [(formats.day(start), formats.day(end)) for start, end in found] or [("", "")]
        fields: list[Field] = []
        for rank, (start, end) in enumerate(shown):
            opening = f"{block.joiner} {block.start}" if rank and block.joiner else block.start
            fields += (Field(opening, start), Field(block.end, end))
        return Fields(tuple(fields), columns=4 if len(shown) > 1 else 2)

    def _timetable(self, block: templates.TimetableT) -> Table:
        rows = tuple(self._day(day, block) for day in block.days + block.added_days)
        total = formats.duration(presence.weekly_minutes(self.view))
        columns = tuple(Column(title, 0.7 if not rank else 1.6) for rank, title in enumerate(block.columns))
        last = " ".join(filter(None, (total, block.total_limit)))
        wide = ("",) * (len(columns) - 2)
        return Table(columns, rows, (block.total_label, *wide, last) if block.total_label else ())

    def _day(self, day: str, block: templates.TimetableT) -> tuple[str, ...]:
        slots = presence.slots(self.view, f"timetable.{day}")
        halves = [_spans(s for s in slots if (s.start < _NOON) is morning) for morning in (True, False)]
        if len(block.columns) == 3:
            return (_DAYS[day], *halves)
        total = formats.duration(sum(slot.minutes for slot in slots))
        return (_DAYS[day], *halves, " ".join(filter(None, (total, block.limit))))

    def _dated(self, label: str) -> tuple[Block, ...]:
        found = presence.dated(self.view)
        rows = tuple((formats.day(day), _spans(slots) or "repos") for day, slots in found)
        return (
            (Heading(label, 3), Table((Column("Date", 0.7), Column("Horaires", 3.2)), rows)) if rows else ()
        )

    def _regulated(self) -> Block:
        numbers = self.view.texts("works")
        unknown = [number for number in numbers if number not in _works()]
        if unknown:
            raise InvalidData("works", f"travaux inconnus : {', '.join(unknown)[:80]}")
        items = tuple((Run(f"D. 4153-{number} : ", bold=True), Run(_works()[number])) for number in numbers)
        return Bullets(items, blank_lines=2)


def _spans(slots: Iterable[presence.Slot]) -> str:
    return " et ".join(f"de {formats.clock(slot.start)} à {formats.clock(slot.end)}" for slot in slots)
