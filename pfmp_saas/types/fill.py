"""Template blocks and a convention's data make printed blocks."""

from collections.abc import Collection, Iterable

from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.core.text import DAYS
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
from pfmp_saas.law.checks.regulated import works
from pfmp_saas.law.presence import WEEK, Slot, minutes_of
from pfmp_saas.law.reader import Reader
from pfmp_saas.types import blanks, conditions, formats, model, substitution, templates
from pfmp_saas.types.derived import DERIVED

_NOON = 13 * 60  # a stretch that begins before 1 p.m. is printed in the morning column


class Filler:
    """Prints one convention's values into a type's templates; ``blank`` names values to leave blank."""

    def __init__(self, kind: model.ConventionType, data: Reader, blank: Collection[str] = ()) -> None:
        self.data = data
        self._rules = dict(kind.fields)
        self._blank = blank

    def value(self, name: str) -> str:
        """Return what the placeholder ``name`` prints; "" or its own blank when there is nothing to print."""
        if name in DERIVED:
            return "" if name in self._blank else DERIVED[name][1](self.data)
        rule = self._rules[name]
        shown = "" if name in self._blank else formats.show(self.data, rule.path, rule.format)
        return shown or rule.blank

    def fill(self, template: str) -> str:
        """Return the plain text of ``template``."""
        return substitution.fill(template, self.value)

    def runs(self, template: str) -> Runs:
        """Return the styled text of ``template``."""
        return substitution.runs(template, self.value)

    def blocks(self, templates: tuple[templates.BlockT, ...]) -> tuple[Block, ...]:
        """Return the printed blocks, in order."""
        return tuple(block for template in templates if self._said(template) for block in self._one(template))

    def _said(self, block: templates.BlockT) -> bool:
        return conditions.holds(getattr(block, "when", ""), self.data)

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
        return (Bullets(tuple((Run(text),) for text in self.data.texts(path)), blank_lines=3),)

    def _periods(self, block: templates.PeriodsT) -> Fields:
        periods = self.data.presence.periods
        shown = [(formats.day(each.start), formats.day(each.end)) for each in periods] or [("", "")]
        fields: list[Field] = []
        for rank, (start, end) in enumerate(shown):
            opening = f"{block.joiner} {block.start}" if rank and block.joiner else block.start
            fields += (Field(opening, start), Field(block.end, end))
        return Fields(tuple(fields), columns=4 if len(shown) > 1 else 2)

    def _timetable(self, block: templates.TimetableT) -> Table:
        rows = tuple(self._day(day, block) for day in block.days + block.added_days)
        total = formats.duration(self.data.presence.weekly_minutes)
        columns = tuple(Column(title, 0.7 if not rank else 1.6) for rank, title in enumerate(block.columns))
        last = " ".join(filter(None, (total, block.total_limit)))
        wide = ("",) * (len(columns) - 2)
        return Table(columns, rows, (block.total_label, *wide, last) if block.total_label else ())

    def _day(self, day: str, block: templates.TimetableT) -> tuple[str, ...]:
        slots = self.data.presence.week[WEEK.index(day)]
        halves = [_spans(s for s in slots if (s.start < _NOON) is morning) for morning in (True, False)]
        if len(block.columns) == 3:
            return (DAYS[day].capitalize(), *halves)
        total = formats.duration(minutes_of(slots))
        return (DAYS[day].capitalize(), *halves, " ".join(filter(None, (total, block.limit))))

    def _dated(self, label: str) -> tuple[Block, ...]:
        dated = self.data.presence.days.items()
        rows = tuple((formats.day(day), _spans(slots) or "repos") for day, slots in dated)
        return (
            (Heading(label, 3), Table((Column("Date", 0.7), Column("Horaires", 3.2)), rows)) if rows else ()
        )

    def _regulated(self) -> Block:
        numbers = self.data.texts("works")
        unknown = [number for number in numbers if number not in works()]
        if unknown:
            raise InvalidData("works", f"travaux inconnus : {', '.join(unknown)[:80]}")
        items = tuple(
            (Run(f"D. 4153-{number} : ", bold=True), Run(works()[number].title)) for number in numbers
        )
        return Bullets(items, blank_lines=2)


def _spans(slots: Iterable[Slot]) -> str:
    return " et ".join(f"de {formats.clock(slot.start)} à {formats.clock(slot.end)}" for slot in slots)
