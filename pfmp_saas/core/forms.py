"""Forms: one base class, and the validators of its fields (core/fields).

A field that cannot be read keeps its text and says why, beside it; what the others hold stays. Every form is a class
of its domain's ``forms.py``; templates render its fields by ``components/forms.html``.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto as AUTO
from wtforms.validators import StopValidation, ValidationError

from pfmp_saas.core.errors import DomainError

SENT_BEFORE = "sent_before"
"""Where a request keeps the texts that come back in its page's form."""
Made = TypeVar("Made", bound="Form")


class Form(FlaskForm):  # type: ignore[misc]
    """A form of the service; ``refusal`` is what a rule said of the whole of it, in French."""

    refusal: str | None = None

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What a form reads: what was sent, else what its person had sent when the session was over."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return the texts to read, None for a form that nobody has sent."""
            sent = super().wrap_formdata(form, formdata)
            return g.get(SENT_BEFORE, sent) if formdata is AUTO and request.method == "GET" else sent

    def refuse(self, error: DomainError) -> None:
        """Put a rule's refusal beside the field that it names, or above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.refusal = error.message
        elif error.message not in field.errors:
            field.errors = [*field.errors, error.message]

    @property
    def problems(self) -> dict[str, str]:
        """Return the first message of each field that has one, by the identifier of its input, in the form's order."""
        return {field.first_id: field.errors[0] for field in self if field.errors}

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """Return what is refused, in the form's order: the input's identifier, the field's label, the message."""
        return [(field.first_id, field.label.text, field.errors[0]) for field in self if field.errors]

    @property
    def wrong(self) -> bool:
        """Tell whether anything of the form is refused."""
        return bool(self.refusal or self.problems)


def made(form: type[Made], fields: Mapping[str, Any], **more: Any) -> Made:
    """Return a form of this class with further fields, by name: what data decide and no class can list."""
    further = type(f"{form.__name__}OfData", (form,), dict(fields))
    built: Made = further(**more)
    return built


def unsent(form: Callable[..., Made], *values: Any) -> Made:
    """Return a form of a page that has several, when the request did not send this one."""
    return form(*values) if request.method == "GET" else form(*values, formdata=None)


class Needed:
    """A validator: the field must not stay blank. What can't be read has its own message already."""

    field_flags: ClassVar[Mapping[str, bool]] = {"required": True}

    def __init__(self, message: str = "À remplir.") -> None:
        """Keep what is said of a blank field, in French."""
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise StopValidation where the field is blank."""
        if field.errors:
            raise StopValidation
        if field.data in (None, "", b"", False) or field.data == []:
            raise StopValidation(self.message)


class AtMost:
    """A validator: so many characters at most."""

    def __init__(self, longest: int) -> None:
        """Keep the number of characters."""
        self.longest = longest

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise ValidationError where the text is longer."""
        length = len(field.data or "")
        if length > self.longest:
            raise ValidationError(f"{self.longest} caractères au plus ; il y en a {length}.")
