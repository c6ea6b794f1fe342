"""Logs: a JSON object a line, made of listed fields only. No name, no address, no secret, no path, no value of a query.

An error is told by its type and by the lines of code it went through, never by its message: a database, a parser or a
mail server writes there what it was given. What other libraries log is told by its template; what they filled in is
left out, save numbers.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, WrappedLogger

from pfmp_saas.core import observer

FIELDS = (
    "time", "level", "logger", "event", "request_id", "tenant", "route", "method", "status", "duration_ms",
    "job", "work", "row", "attempts", "answer", "at", "error",
)  # fmt: skip
"""All that a line may hold."""
_TAKEN_OVER = ("gunicorn.error", "gunicorn.access", "rq.worker", "rq.cron")
_SPECIFIER = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[diouxXeEfFgGcrsa]")
_PLAIN = (bool, int, float, str, list, type(None))
_MOST_FRAMES, _TOP = 40, Path(__file__).parents[2]


def configure(level: str = "INFO", stream: IO[str] | None = None) -> None:
    """Send all that this process logs from ``level`` on to ``stream`` (standard error unless given), a line each."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TAKEN_OVER:
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = [], True


def failed(logger: Any, event: str, error: BaseException, **fields: object) -> None:
    """Log an error that nobody expected, and tell the observer where there is one."""
    logger.error(event, exc_info=error, **fields)
    observer.tell(error)


def _formatter() -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=[
            merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _time,
            _of_others,
            _error,
            _listed,
        ],
        processors=[ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
        use_get_message=False,
        pass_foreign_args=True,
    )


def _of_others(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep the template of a message and its numbers; a message without any may have been filled in already."""
    record: logging.LogRecord = event["_record"]
    given = event.pop("positional_args", None)
    event["event"] = _filled(str(record.msg), given) if given else "…"
    event["at"] = f"{record.module}:{record.lineno}"
    return event


def _filled(template: str, given: Any) -> str:
    values = given if isinstance(given, Mapping) else iter(given if isinstance(given, tuple) else (given,))

    def value(found: re.Match[str]) -> str:
        one = values.get(found["name"]) if isinstance(values, Mapping) else next(values, None)
        return str(one) if isinstance(one, int | float) else "…"

    return _SPECIFIER.sub(value, template)


def _error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by what it was and where it passed, those that caused it after it."""
    error = event.pop("exc_info", None)
    if error is True or isinstance(error, tuple):
        error = (sys.exc_info() if error is True else error)[1]
    if isinstance(error, BaseException):
        event["error"] = [_told(each) for each in _chain(error)]
    return event


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _told(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    told: dict[str, object] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return told | ({"sqlstate": state} if isinstance(state, str) else {})


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_TOP)) if path.is_relative_to(_TOP) else "/".join(path.parts[-2:])


def _listed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep the listed fields, in their order, as plain values; and what the formatter itself needs."""
    kept = {name: _plain(event[name]) for name in FIELDS if name in event}
    return kept | {name: value for name, value in event.items() if name.startswith("_")}


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value if isinstance(value, _PLAIN) else type(value).__name__


def _time(_logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    stamped: MutableMapping[str, Any] = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")(
        _logger, _method, event
    )
    return stamped


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _time,
        _error,
        _listed,
        ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
