"""Errors that a person may meet, each with a French sentence to show."""


class DomainError(Exception):
    """A rule of the domain refuses the action.

    Each domain names its refusals in its ``errors`` as classes: ``sentence`` is what the person in front of the screen
    reads, in French, with placeholders for the values given; ``field`` names the form field beside which it belongs,
    when there is one; ``status`` is the HTTP status it answers with. ``message`` is the sentence, filled.
    """

    status: int = 422
    sentence: str = ""
    field: str | None = None

    def __init__(self, message: str | None = None, *, field: str | None = None, **values: object) -> None:
        """Refuse with the class's own sentence, filled with ``values``, or with ``message`` where it is made elsewhere."""
        self.message = self.sentence.format(**values) if message is None else message
        self.field = field or self.field
        super().__init__(self.message)


class NotFound(DomainError):
    """The object does not exist in the current tenant; another tenant's object is answered the same way."""

    status = 404
    sentence = "Cette page n’existe pas, ou ne vous est pas ouverte."


class Conflict(DomainError):
    """The object has changed since it was shown, or its state no longer allows the action."""

    status = 409


class Gone(DomainError):
    """The object was erased for good, as it had to be."""

    status = 410


class ConfigurationError(Exception):
    """A setting is missing or unusable; the message names it."""
