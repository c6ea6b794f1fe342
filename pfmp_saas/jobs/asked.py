"""Sign-in links that were asked: the worker answers, so that a known address and an unknown one take the same time."""

from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from pfmp_saas.accounts.use_cases import mail_link, take_asked
from pfmp_saas.jobs.runtime import runtime, work

LOG = structlog.get_logger("pfmp")


def answer(now: datetime, most: int) -> None:
    """Mail the links that were asked, ``most`` at a time. A failure loses one, which a person asks again, and is logged."""
    for _ in range(most):
        with work(None) as session:
            email = take_asked(session)
        if email is None:
            return
        try:
            with work(None) as session:
                mail_link(session, email, runtime().settings.base_url, now)
        except SQLAlchemyError:
            LOG.exception("a sign-in link was not mailed")
