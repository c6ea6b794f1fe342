"""One try of a piece of work: counted before it begins, its error kept if it fails, whatever the error."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pfmp_saas.core import retries
from pfmp_saas.core.mail import for_good
from pfmp_saas.core.retries import Pace, Retried
from pfmp_saas.evidence.timestamping import StampFailed
from pfmp_saas.jobs.runtime import runtime, work

LOG = logging.getLogger("pfmp")


@dataclass(frozen=True)
class Piece:
    """A row of work: an outbox event, a due thing or a mail of one establishment, and the pace of its tries."""

    tenant_id: uuid.UUID
    model: type[Retried]
    row_id: uuid.UUID
    pace: Pace

    def attempt(self, do: Callable[[], None], now: datetime) -> None:
        """Do the work once, unless it is another's or not to be tried at ``now`` (UTC).

        A timestamp authority that fails is waited for, however long; anything else counts towards giving up.
        """
        if not self._begin(now):
            return
        try:
            do()
        except StampFailed as error:
            self._note(error, retries.wait)
        except Exception as error:
            LOG.exception("%s %s failed", self.model.__name__, self.row_id)
            self._note(error, retries.fail_for_good if for_good(error) else retries.fail)

    def _begin(self, now: datetime) -> bool:
        with work(self.tenant_id) as session:
            row = retries.claim(session, self.model, self.row_id, self.model.to_try(now))
            return row is not None and retries.begin(row, now, self.pace)

    def _note(self, error: Exception, outcome: Callable[[Retried, Exception, datetime, Pace], None]) -> None:
        with work(self.tenant_id) as session:
            row = retries.waiting(session, self.model, self.row_id)
            if row is not None:
                outcome(row, error, runtime().clock(), self.pace)
