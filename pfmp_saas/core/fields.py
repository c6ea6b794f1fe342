"""Fields of forms: inputs that read what people type as French writes it, or say why they cannot."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms import Field as AnyField
from wtforms.validators import StopValidation, ValidationError

from pfmp_saas.core import reading
from pfmp_saas.core.addresses import suggestion
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.text import stored_text

ANSWER = "adresse:"
"""How the names of the buttons begin that answer the question about a likely misspelling."""


class Input(AnyField):  # type: ignore[misc]
    """What every field of ours has: how the template draws it, and the attributes of its input."""

    data: Any
    errors: list[str]
    drawn = "line"
    input_type = "text"
    attributes: ClassVar[Mapping[str, str]] = {}

    @property
    def first_id(self) -> str:
        """Return the identifier of the input that a link to the field leads to."""
        return str(self.id)

    @property
    def text(self) -> str:
        """Return what the input holds, as text."""
        return "" if self.data is None else str(self.data)


class Read(Input, StringField):  # type: ignore[misc]
    """A text that becomes a value when it is read. ``typed`` is the text as it was sent, None before."""

    typed: str | None = None

    def read(self, text: str) -> Any:
        """Return the value of ``text``, which has no blank around. Raises ValueError in French."""
        return reading.line(text)

    def shown(self, value: Any) -> str:
        """Return a value as the input shows it."""
        return "" if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; a field that was not sent is blank."""
        self.typed = valuelist[0].replace("\r\n", "\n").strip() if valuelist else ""
        self.data = None
        self.data = self.read(self.typed)

    @property
    def text(self) -> str:
        """Return what the input holds: what was typed, else the value as it is shown."""
        return self.shown(self.data) if self.typed is None else self.typed


class Line(Read):
    """One line of text, or None."""


class Area(Read):
    """A text of several lines, or None; a validator bounds it."""

    drawn = "area"

    def read(self, text: str) -> str | None:
        """Return the text as it is stored: no hidden character, Word's bullets as dashes."""
        return stored_text(text) or None


class By(Read):
    """A text read by a function given at construction, which raises ValueError in French."""

    def __init__(
        self, label: str, by: Callable[[str], Any], show: Callable[[Any], str] | None = None, **more: Any
    ) -> None:
        """Build the field; ``show`` writes a value back as its input shows it."""
        super().__init__(label, **more)
        self._by, self._show = by, show

    def read(self, text: str) -> Any:
        """Return what the function reads."""
        return self._by(text)

    def shown(self, value: Any) -> str:
        """Return a value as the input shows it."""
        return self._show(value) if self._show else super().shown(value)


class ByLines(By):
    """As By, over several lines; a list is shown one item a line."""

    drawn = "area"

    def shown(self, value: Any) -> str:
        """Return a value as the input shows it."""
        return super().shown(value) if self._show else "\n".join(str(item) for item in value or ())


class Day(Read):
    """A day, as people write one; its value is a date or None."""

    attributes: ClassVar[Mapping[str, str]] = {
        "inputmode": "numeric",
        "placeholder": "12/01/2027",
        "autocomplete": "off",
    }

    def read(self, text: str) -> date | None:
        """Return the day."""
        iso = reading.day(text)
        return reading.as_date(iso) if iso else None

    def shown(self, value: Any) -> str:
        """Return the day as 12/01/2027."""
        return f"{value:%d/%m/%Y}" if value else ""


class Moment(Read):
    """A day and an hour at one place; its value is a datetime without zone, or None."""

    attributes: ClassVar[Mapping[str, str]] = {"placeholder": "12/01/2027 14:30", "autocomplete": "off"}

    def read(self, text: str) -> datetime | None:
        """Return the moment."""
        return reading.moment(text)

    def shown(self, value: Any) -> str:
        """Return the moment as 12/01/2027 14:30."""
        return f"{value:%d/%m/%Y %H:%M}" if value else ""


class Email(Read):
    """An address that a mail reaches exactly as it is written, or None."""

    input_type = "email"
    attributes: ClassVar[Mapping[str, str]] = {
        "autocomplete": "email",
        "autocapitalize": "off",
        "spellcheck": "false",
    }

    likely: str | None = None
    """The address that was meant where what was typed looks misspelled, until the person has answered."""
    kept = False
    """Whether the person has answered that an address that looks misspelled is right."""

    def read(self, text: str) -> str | None:
        """Return the address in lower case."""
        return reading.email(text)

    def process(self, formdata: Any, *values: Any, **more: Any) -> None:
        """Read what was sent, and the answer to the question whether another address was meant.

        An address that was there before is not asked about again.
        """
        super().process(formdata, *values, **more)
        if not self.typed or not self.data or self.data == self.object_data:
            return
        meant, answer = suggestion(self.data), formdata.get(self.answer)
        if meant and answer == meant:
            self.data = self.typed = meant
        elif meant and answer == self.data:
            self.kept = True
        else:
            self.likely = meant

    @property
    def answer(self) -> str:
        """Return the name under which the answer is sent."""
        return f"{ANSWER}{self.name}"

    def pre_validate(self, _form: Any) -> None:
        """Ask about an address that looks misspelled, once."""
        if self.likely:
            raise StopValidation(f"« {self.data} » : ne serait-ce pas « {self.likely} » ?")


class AnyEmail(Email):
    """An address as it is typed, malformed or not: what is answered must not depend on it. A likely misspelling is asked about."""

    input_type = "text"

    def read(self, text: str) -> str:
        """Return the text."""
        return text


class Phone(Line):
    """A telephone number, or None."""

    input_type = "tel"
    attributes: ClassVar[Mapping[str, str]] = {"autocomplete": "tel"}


class Secret(Input, PasswordField):  # type: ignore[misc]
    """A password: never shown again."""

    input_type = "password"


class Tick(Input, BooleanField):  # type: ignore[misc]
    """A box to tick."""

    drawn = "tick"

    @property
    def text(self) -> str:
        """Return « oui » for a box that is ticked, nothing for one that is not."""
        return "oui" if self.data else ""


class Choice(Input, SelectField):  # type: ignore[misc]
    """One of a list."""

    drawn = "choice"

    def pre_validate(self, _form: Any) -> None:
        """Refuse in French what is not in the list."""
        if self.validate_choice and not any(
            str(self.data) == str(value) for value, *_ in self.iter_choices()
        ):
            raise ValidationError(f"« {str(self.data or '')[:30]} » n’est pas l’un des choix.")


class Radio(Input, RadioField):  # type: ignore[misc]
    """One of a few, all shown."""

    drawn = "radio"

    @property
    def first_id(self) -> str:
        """Return the identifier of the first button."""
        return f"{self.id}-0"

    def pre_validate(self, _form: Any) -> None:
        """Refuse in French what is not in the list."""
        if (
            self.validate_choice
            and self.data is not None
            and not any(str(self.data) == str(value) for value, *_ in self.iter_choices())
        ):
            raise ValidationError("Choisissez l’une des réponses.")


class Several(Input, SelectMultipleField):  # type: ignore[misc]
    """Some of a list, each a box to tick; what is not in the list is left out."""

    drawn = "several"
    data: Any

    def pre_validate(self, _form: Any) -> None:
        """Keep what the list has."""
        known = {str(value) for value, *_ in self.iter_choices()}
        self.data = [value for value in self.data or [] if str(value) in known]


class Upload(Input, FileField):  # type: ignore[misc]
    """One file; its value is its content in bytes, empty when none was sent."""

    drawn = "file"
    input_type = "file"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the file."""
        self.data = valuelist[0].read() if valuelist and hasattr(valuelist[0], "read") else b""


class Identifier(Choice):
    """One row of a list, by its identifier."""


def identifier(field: Identifier) -> uuid.UUID | None:
    """Return the identifier chosen in a field, None when none is. Raises NotFound for what is no identifier."""
    try:
        return uuid.UUID(field.data) if field.data else None
    except ValueError:
        raise NotFound from None
