"""Answers that are a file, with its type and its name; no cache keeps them."""

from io import BytesIO

from flask import Response, send_file
from werkzeug.utils import secure_filename

PDF = "application/pdf"
ZIP = "application/zip"


def shown_file(content: bytes, name: str, media_type: str = PDF) -> Response:
    """Answer with a file that the browser shows, saved as ``name``."""
    return _answer(content, name, media_type, as_attachment=False)


def attached_file(content: bytes, name: str, media_type: str) -> Response:
    """Answer with a file that the browser saves as ``name`` and never opens inside a page."""
    return _answer(content, name, media_type, as_attachment=True)


def _answer(content: bytes, name: str, media_type: str, *, as_attachment: bool) -> Response:
    response = send_file(
        BytesIO(content),
        mimetype=media_type,
        as_attachment=as_attachment,
        download_name=secure_filename(name),
        conditional=False,
    )
    response.headers["Cache-Control"] = "no-store"  # send_file allows a cache to keep it
    return response
