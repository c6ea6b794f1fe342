"""The calendar of a school year's sequences, and all signed documents of a campaign in one archive."""

import uuid
from itertools import groupby

from flask import render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.campaigns import queries as campaigns
from pfmp_saas.conventions import calendar
from pfmp_saas.core.dates import month
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.years import school_year_opens
from pfmp_saas.portals.archives import archive_of
from pfmp_saas.portals.context import asked_year, session, today
from pfmp_saas.portals.school.blueprint import bp


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
    return archive_of([line.id for line in campaigns.lines(session(), campaign_id)], row.title)
