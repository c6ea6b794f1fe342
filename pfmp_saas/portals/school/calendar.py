"""The calendar of a school year's sequences, and all signed documents of a campaign in one archive."""

import uuid
import zipfile
from collections.abc import Iterator
from itertools import groupby
from tempfile import SpooledTemporaryFile

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from pfmp_saas.campaigns import queries as campaigns
from pfmp_saas.conventions import calendar
from pfmp_saas.conventions import queries as conventions
from pfmp_saas.core.dates import month
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.text import file_name
from pfmp_saas.core.years import school_year_opens
from pfmp_saas.portals.context import asked_year, session, today
from pfmp_saas.portals.files import ZIP
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing.states import RequestState

_IN_MEMORY = 8 << 20


@bp.get("/<uai>/calendrier")
@requires(Permission.CONVENTION_READ)
def placements_calendar() -> ResponseReturnValue:
    """Show which class is away when, month by month."""
    year = asked_year()
    first, last = school_year_opens(year), school_year_opens(year + 1)
    found = calendar.sequences(session(), first, last)
    months = [
        (month(start), list(rows)) for start, rows in groupby(found, lambda row: row.starts_on.replace(day=1))
    ]
    return render_template("portals/school/calendar.html", months=months, year=year, day=today())


@bp.get("/<uai>/campagnes/<uuid:campaign_id>/documents.zip")
@requires(Permission.CONVENTION_READ)
def campaign_documents(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Give every document of a campaign that left for signature, one PDF a pupil, in one archive."""
    row = campaigns.get(session(), campaign_id)
    packed = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - Flask closes it with the answer
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _documents(campaign_id):
            archive.writestr(name, content)
    packed.seek(0)
    answer: Response = send_file(
        packed, mimetype=ZIP, as_attachment=True, download_name=f"{file_name(row.title)}.zip"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _documents(campaign_id: uuid.UUID) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each document, one in memory at a time."""
    sent = {line.id: line.request_id for line in campaigns.lines(session(), campaign_id) if line.request_id}
    of = conventions.by_id(session(), sent)
    for convention_id, request_id in sent.items():
        asked = signing.get(session(), request_id)
        if asked.erased_at:
            continue
        row = of[convention_id]
        state = "" if asked.state == RequestState.COMPLETE else " (en signature)"
        days = f"{row.starts_on:%Y-%m-%d}" if row.starts_on else ""
        yield (
            f"{file_name(f'{row.student_name} - {row.host_name} - {days} - {row.number}{state}')}.pdf",
            signing.document(session(), asked),
        )
