"""Lists that leave as files: CSV and workbooks that a spreadsheet opens as they are, and in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from flask import Response

from pfmp_saas.portals.context import place
from pfmp_saas.portals.files import attached_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("csv", "xlsx")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

Row = Sequence[Any]


def sheet(kind: str, name: str, headings: Row, rows: Iterable[Row]) -> Response:
    """Answer with a list as ``name.csv`` or ``name.xlsx``; instants are written in the establishment's zone."""
    zone = place().zone
    local = ([_here(value, zone) for value in row] for row in rows)
    if kind == "csv":
        return attached_file(_csv(headings, local), f"{name}.csv", "text/csv")
    return attached_file(_xlsx(headings, local), f"{name}.xlsx", XLSX)


def _here(value: Any, zone: Any) -> Any:
    return value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value


def _csv(headings: Row, rows: Iterable[Row]) -> bytes:
    """Return a CSV as French spreadsheets read one: semicolons, a byte order mark, days as 12/01/2027."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_as_text(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before it where it could be one."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _xlsx(headings: Row, rows: Iterable[Row]) -> bytes:
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **plain})
    page, bold = book.add_worksheet(), book.add_format({"bold": True})
    formats = {"date": book.add_format({"num_format": "dd/mm/yyyy"})}
    formats["datetime"] = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    page.write_row(0, 0, headings, bold)
    page.freeze_panes(1, 0)
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(page, number, column, value, formats)
    page.autofilter(0, 0, number, len(headings) - 1)
    page.autofit()
    book.close()
    return out.getvalue()


def _write(page: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        page.write_datetime(row, column, value, formats["datetime"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, str):
        page.write_string(row, column, value)
    else:
        page.write(row, column, value)
