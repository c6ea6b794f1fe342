"""The figures of a school year, each drawn and as a table."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.core.years import school_year_opens
from pfmp_saas.portals.context import asked_year, place, session, today
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.workflows.figures import of_year


@bp.get("/<uai>/chiffres", endpoint="figures")
@requires(Permission.CONVENTION_READ)
def figures_page() -> ResponseReturnValue:
    """Show the figures of a school year."""
    year = asked_year()
    found = of_year(
        session(), school_year_opens(year), school_year_opens(year + 1), place().timezone, today()
    )
    return render_template("portals/school/figures.html", found=found, year=year)
