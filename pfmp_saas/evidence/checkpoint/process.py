"""The process that makes checkpoints: apart from the service, with its own database role and its own file."""

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import OperationalError

from pfmp_saas.core.clock import Clock, utc_now
from pfmp_saas.core.database import sessions
from pfmp_saas.core.settings import CheckpointSettings
from pfmp_saas.core.unit_of_work import UnitOfWork
from pfmp_saas.evidence.checkpoint import cosigned, make, witnesses
from pfmp_saas.evidence.checkpoint.models import Cosignature, SecondStamp, StoredCheckpoint
from pfmp_saas.evidence.timestamping import TimestampAuthority, configured
from pfmp_saas.evidence.verify.log.checkpoint import read_head

log = logging.getLogger(__name__)


class CheckpointProcess:
    """A process that signs the heads of logs that grew, and asks for the timestamps that are due.

    ``settings.memory`` is a file of its own where the last checkpoint of each log is kept as well: a database
    rewritten from end to end, its checkpoints included, is refused all the same.
    """

    def __init__(self, settings: CheckpointSettings, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.sessions = sessions(settings.database_url)
        self.refused: dict[UUID, str] = {}
        self._authority = configured(settings.tsa_url, settings.tsa_trust)
        self._second = configured(settings.tsa2_url, settings.tsa2_trust)
        self._witnesses = witnesses.configured(settings.witnesses)

    def run(self, every: float, stopped: Callable[[], bool]) -> None:
        """Make a round every so many seconds until ``stopped`` returns true; wait when the database is away."""
        while not stopped():
            try:
                self.round()
            except OperationalError as error:
                log.warning("base de données injoignable : %s", error.orig)
            time.sleep(every)

    def round(self) -> int:
        """Sign every log that grew, then ask for the timestamps that are due; return how many were signed."""
        with UnitOfWork(self.sessions) as session:
            schools = make.schools_to_sign(session)
        made = sum(self._sign(school) for school in schools)
        self._stamp(self.clock())
        self._cosign(self.clock())
        return made

    def restart_of(self, uai: str) -> str:
        """Sign the head of a log whose tail was lost, and return the note, which names what was lost.

        Raises make.NothingLost, and make.Inconsistent when the log does not continue the checkpoints of the database itself.
        """
        with UnitOfWork(self.sessions) as session:
            school = make.school_of(session, uai)
        note = self._make(school, restart=True)
        self.refused.pop(school, None)
        return note

    def _make(self, school: UUID, *, restart: bool = False) -> str:
        memory = self._remembered()
        wanted = {
            "stamped_from": self.clock() if self._authority else None,
            "second_from": self.clock() if self._second else None,
        }
        with UnitOfWork(self.sessions, school) as session:
            key = self.settings.key_encryption_key
            row = make.make(session, key, memory, **wanted, restart=restart)
            cosigned.want(session, row, self._witnesses, self.clock())
            self._remember(memory, row.note)
            return row.note

    def _sign(self, school: UUID) -> bool:
        try:
            self._make(school)
        except make.Inconsistent as refusal:
            if self.refused.get(school) != str(refusal):
                log.warning("relevé refusé : %s", refusal)
            self.refused[school] = str(refusal)
            return False
        self.refused.pop(school, None)
        return True

    def _remembered(self) -> dict[str, str]:
        path = self.settings.memory
        if path is None or not path.exists():
            return {}
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _remember(self, memory: dict[str, str], note: str) -> None:
        """Write a note to the file before it is committed: if the commit fails, the note is still a beginning of the log."""
        path: Path | None = self.settings.memory
        if path is None:
            return
        memory[read_head(note.encode()).origin] = note
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps(memory, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)

    def _stamp(self, now: datetime) -> None:
        self._stamp_all(StoredCheckpoint, self._authority, now)
        self._stamp_all(SecondStamp, self._second, now)

    def _stamp_all(self, model: type[make.Row], authority: TimestampAuthority | None, now: datetime) -> None:
        if authority is None:
            return
        with UnitOfWork(self.sessions) as session:
            waiting = [row.id for row in make.waiting_for_stamp(session, model, now)]
        for row_id in waiting:
            with UnitOfWork(self.sessions) as session:
                make.stamp(session.get_one(model, row_id), authority, now)

    def _cosign(self, now: datetime) -> None:
        known = {each.key: each for each in self._witnesses}
        with UnitOfWork(self.sessions) as session:
            due = [(row.tenant_id, row.id) for row in cosigned.due(session, now) if row.witness in known]
        for tenant, row_id in due:
            with UnitOfWork(self.sessions, tenant) as session:
                row = session.get_one(Cosignature, row_id)
                cosigned.ask(session, row, known[row.witness], now)
