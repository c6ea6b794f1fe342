"""What a public service says of itself: its accessibility, what it keeps of people, who publishes it."""

import json
from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.core.permissions import public
from pfmp_saas.law.retention import YEARS, Fate
from pfmp_saas.portals.context import settings
from pfmp_saas.signing.links import LINK_DAYS

bp = Blueprint("statements", __name__)
THEMES = json.loads(Path(__file__).with_name("accessibility.json").read_text(encoding="utf-8"))
"""The 106 criteria of RGAA 4.1 by theme, and what is known of each: by which test, or by whose reading."""
VERDICTS = {
    "test": ("good", "tenu par un test"),
    "lu": ("info", "relu par nous"),
    "non": ("soon", "pas vérifié"),
    "faute": ("late", "pas respecté"),
    "objet": ("", "sans objet"),
}
WHY = "anyone may read what the service says of itself"


@bp.get("/accessibilite")
@public(WHY)
def accessibility() -> ResponseReturnValue:
    """Say how accessible the pages are, how that was checked, and whom to tell of a fault."""
    return render_template(
        "portals/public/accessibility.html", settings=settings(), themes=THEMES, verdicts=VERDICTS
    )


@bp.get("/confidentialite")
@public(WHY)
def privacy() -> ResponseReturnValue:
    """Say what is kept of people, why, how long, and whom to ask."""
    kept = {"signed": YEARS[Fate.SIGNED], "unsigned": YEARS[Fate.UNSIGNED], "link": LINK_DAYS}
    return render_template("portals/public/privacy.html", settings=settings(), kept=kept)


@bp.get("/mentions-legales")
@public(WHY)
def legal() -> ResponseReturnValue:
    """Say who publishes the service and who hosts it."""
    return render_template("portals/public/legal.html", settings=settings())
