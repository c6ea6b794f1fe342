"""Babel's dates with the French « 1er »: what pages call to write a date in the reader's language."""

import re
from datetime import date, datetime

import flask_babel

from pfmp_saas.core.dates import ordinal

_DAY = re.compile(r"(?<![A-Za-z])d(?=[ ,])")


def format_date(value: date, pattern: str) -> str:
    """Write a date by a pattern of Unicode; in French the first of a month is « 1er »."""
    return str(flask_babel.format_date(value, _ours(value, pattern)))


def format_datetime(value: datetime, pattern: str, *, rebase: bool = False) -> str:
    """Write an instant as :func:`format_date` does, in the zone that it is given in unless ``rebase``."""
    return str(flask_babel.format_datetime(value, _ours(value, pattern), rebase=rebase))


def _ours(value: date, pattern: str) -> str:
    locale = flask_babel.get_locale()
    french = locale is None or locale.language == "fr"
    return _DAY.sub(f"'{ordinal(value)}'", pattern) if french else pattern
