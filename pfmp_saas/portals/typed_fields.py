"""Reading one field of the form that a browser sent, as a value or as a refusal in French."""

import uuid
from datetime import date

from flask import request

from pfmp_saas.core import reading
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.roster.reading.files import Source


def typed_text(name: str) -> str:
    """Return a field's text with its lines ended as ours, without blanks around."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def typed_day(name: str) -> date | None:
    """Return the day typed in a field, None when it is blank. Raises DomainError beside the field."""
    try:
        iso = reading.day(request.form.get(name, "").strip())
    except ValueError as error:
        raise DomainError(str(error), field=name) from None
    return reading.as_date(iso) if iso else None


def typed_identifier(name: str) -> uuid.UUID | None:
    """Return the identifier chosen in a field, None when none is. Raises NotFound for what is no identifier."""
    text = request.form.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def uploaded(name: str) -> bytes:
    """Return the content of the file sent in a field, empty when none is."""
    upload = request.files.get(name)
    return upload.read() if upload else b""


def uploaded_files(name: str) -> list[Source]:
    """Return the files sent in a field, under the names that they had; none where none is."""
    files = [upload for upload in request.files.getlist(name) if upload.filename]
    return [Source(upload.filename or name, upload.read()) for upload in files]
