"""Documents of several conventions in one archive, one PDF each, as they stand in signature or signed."""

import uuid
import zipfile
from collections.abc import Collection, Iterator
from tempfile import SpooledTemporaryFile

from flask import Response, send_file

from pfmp_saas.conventions import queries as conventions
from pfmp_saas.core.text import file_name
from pfmp_saas.portals.context import session
from pfmp_saas.portals.files import ZIP
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.states import RequestState

_IN_MEMORY = 8 << 20


def archive_of(convention_ids: Collection[uuid.UUID], title: str) -> Response:
    """Answer with ``title.zip``; a convention that never left for signature, or was erased, has no document in it."""
    packed = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - Flask closes it with the answer
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _documents(convention_ids):
            archive.writestr(name, content)
    packed.seek(0)
    answer: Response = send_file(
        packed, mimetype=ZIP, as_attachment=True, download_name=f"{file_name(title)}.zip"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _documents(convention_ids: Collection[uuid.UUID]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each document, one in memory at a time."""
    for row in conventions.by_id(session(), convention_ids).values():
        asked = signing.get(session(), row.request_id) if row.request_id else None
        if asked is None or asked.erased_at:
            continue
        state = "" if asked.state == RequestState.COMPLETE else " (en signature)"
        days = f"{row.starts_on:%Y-%m-%d}" if row.starts_on else ""
        yield (
            f"{file_name(f'{row.student_name} - {row.host_name} - {days} - {row.number}{state}')}.pdf",
            signing.document(session(), asked),
        )
