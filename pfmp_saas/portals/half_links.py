"""The link of a host's half: it opens one draft's host part and nothing else, and dies when it is taken up or the draft leaves."""

import uuid

from flask import url_for

from pfmp_saas.portals.context import settings, uai
from pfmp_saas.portals.seals import sealed

HALF = "half"


def link_of(half_id: uuid.UUID) -> str:
    """Return the whole link, for a mail; it is bound to the school of the page's address."""
    return settings().base_url + url_for("halves.begin", token=sealed(HALF, half_id, uai()))
