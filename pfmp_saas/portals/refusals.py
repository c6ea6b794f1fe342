"""What a view answers when a rule refuses what it was asked: the page again, with the reason, and nothing written."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.portals.context import undo

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
Page = str | tuple[str, int]


def or_show(page: Callable[Concatenate[DomainError, P], Page]) -> Callable[[View[P]], View[P]]:
    """Make a view all or nothing: its refusal is answered by ``page`` with the error's status, unless it gives another.

    ``page`` takes the error, then what the view takes; it may raise the error when it has nothing better to show.
    What does not exist has no page of its own: NotFound is never shown by it.
    """

    def guarded(view: View[P]) -> View[P]:
        @wraps(view)
        def attempted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            try:
                return view(*args, **kwargs)
            except NotFound:
                raise
            except DomainError as error:
                undo()
                shown = page(error, *args, **kwargs)
                return shown if isinstance(shown, tuple) else (shown, error.status)

        return attempted

    return guarded
