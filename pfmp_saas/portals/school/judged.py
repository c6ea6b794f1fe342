"""What the law says of a draft, for the pages that show it."""

from pfmp_saas.conventions import use_cases
from pfmp_saas.conventions.checks import Finding
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.shape import InvalidFacts
from pfmp_saas.portals.context import session


def judge(row: Convention) -> tuple[tuple[Finding, ...], str | None]:
    """Return the law's findings, or why the draft cannot be judged yet."""
    try:
        return use_cases.findings(session(), row), None
    except InvalidFacts as error:
        return (), str(error)
