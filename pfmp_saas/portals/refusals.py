"""The answer of a view when a rule refuses the request: the page again with the reason, nothing written."""

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
    """Decorate a view: a DomainError undoes what it wrote and is answered by ``page``, with the error's status.

    ``page`` takes the error, then what the view takes; it may return another status, or raise the error when it
    has nothing better to show. NotFound is raised on: what does not exist has no page of its own.
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
                answer = page(error, *args, **kwargs)
                return answer if isinstance(answer, tuple) else (answer, error.status)

        return attempted

    return guarded
