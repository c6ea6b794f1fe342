"""The link of a pupil's search for a placement: it opens one log of calls and nothing else, and dies when the draft leaves."""

import uuid

from flask import url_for

from pfmp_saas.portals.context import settings
from pfmp_saas.portals.seals import sealed

SEARCH = "search"


def link_of(convention_id: uuid.UUID) -> str:
    """Return the whole link, for a QR or a mail."""
    return settings().base_url + url_for("searches.show", token=sealed(SEARCH, convention_id))
