"""One try of a piece of work: counted before it begins, its error kept if it fails, whatever the error."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from pfmp_saas.core import breaker, observer, retries
from pfmp_saas.core.mail import Unreachable, for_good, server_down
from pfmp_saas.core.retries import Pace, Retried
from pfmp_saas.evidence.timestamping import StampFailed
from pfmp_saas.jobs.runtime import runtime, work

LOG = structlog.get_logger("pfmp")


@dataclass(frozen=True)
class Piece:
    """A row of work: an outbox event, a due thing or a mail of one establishment, and the pace of its tries.

    ``behind`` names the outside service that it needs: where that is down, one piece at a time tries it.
    """

    tenant_id: uuid.UUID
    model: type[Retried]
    row_id: uuid.UUID
    pace: Pace
    behind: str | None = None

    def attempt(self, do: Callable[[], None], now: datetime) -> None:
        """Do the work once, unless it is another's or not to be tried at ``now`` (UTC).

        A timestamp authority that fails is waited for, however long, and so is a mail server that speaks to nobody;
        anything else counts towards giving up.
        """
        if not self._begin(now):
            return
        try:
            do()
        except StampFailed as error:
            self._note(error, retries.wait)
        except Exception as error:
            LOG.exception("work failed", work=self.model.__name__, row=self.row_id)
            if not server_down(error):
                observer.tell(error)
            self._note(error, retries.fail_for_good if for_good(error) else retries.fail)

    def _begin(self, now: datetime) -> bool:
        with work(self.tenant_id) as session:
            row = retries.claim(session, self.model, self.row_id, self.model.to_try(now))
            if row is None or (self.behind and not breaker.admits(session, self.behind, now)):
                return False
            return retries.begin(row, now, self.pace)

    def _note(self, error: Exception, outcome: Callable[[Retried, Exception, datetime, Pace], None]) -> None:
        with work(self.tenant_id) as session:
            row, now = retries.waiting(session, self.model, self.row_id), runtime().clock()
            again = self._judge(session, error, now)
            if row is None:
                return
            if again and isinstance(error, Unreachable):
                retries.put_back(row, error, again)
            else:
                outcome(row, error, now, self.pace)

    def _judge(self, session: Session, error: Exception, now: datetime) -> datetime | None:
        """Note whether the outside service answered; return when it is tried next, if it did not."""
        if self.behind is None:
            return None
        if server_down(error):
            return breaker.note_down(session, self.behind, now)
        breaker.note_up(session, self.behind)
        return None
