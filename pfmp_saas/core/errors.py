"""Errors that a person may meet, each with a French sentence to show."""


class DomainError(Exception):
    """A rule of the domain refuses the action.

    ``message`` is a French sentence for the person in front of the screen; ``field`` names the form
    field beside which it belongs, when there is one; ``status`` is the HTTP status it answers with.
    """

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(DomainError):
    """The object does not exist for whoever asks: another tenant's object is answered the same way."""

    status = 404

    def __init__(self, message: str = "Cette page n’existe pas, ou ne vous est pas ouverte.") -> None:
        super().__init__(message)


class Conflict(DomainError):
    """The object has changed since it was shown, or its state no longer allows the action."""

    status = 409


class Gone(DomainError):
    """The object was erased for good, as it had to be."""

    status = 410


class ConfigurationError(Exception):
    """A setting is missing or unusable; the message names it."""
