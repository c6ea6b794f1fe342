"""The tick: select what is due, and put its identifiers in the queue. The rows are the truth."""

from collections.abc import Callable, Iterable

from rq import Queue

from pfmp_saas.core import breaker, crossing, heartbeat, mail
from pfmp_saas.core.crossing import Pointer
from pfmp_saas.core.queue import MAIL_QUEUE, queue
from pfmp_saas.jobs import asked
from pfmp_saas.jobs.runtime import runtime, work
from pfmp_saas.jobs.work import run_due, run_outbox, send_mail

MOST = 500
EVERY_SECONDS = 2
Call = tuple[Callable[..., None], tuple[str, ...], str]
"""A job: its function, its arguments, its identifier."""


def tick() -> int:
    """Enqueue what is due in every establishment; return how many jobs. Enqueued twice, a job does nothing twice.

    While the mail server is down one mail at a time is put in its queue, to try it.
    """
    now = runtime().clock()
    asked.answer(now, MOST)
    with work(None) as session:
        due = crossing.due_items(session, now, MOST)
        room = breaker.room(session, mail.SERVER, now, MOST)
        mails = crossing.unsent_mails(session, now, room)
        outbox = crossing.pending_outbox(session, now, MOST)
        heartbeat.beat(session, "tick", now)
    settings = runtime().settings
    calls = [*_each_tenant(outbox), *_each_row(run_due, due)]
    return _enqueue(queue(settings), calls) + _enqueue(
        queue(settings, MAIL_QUEUE), _each_row(send_mail, mails)
    )


def _each_tenant(outbox: Iterable[Pointer]) -> list[Call]:
    return [(run_outbox, (tenant,), tenant) for tenant in {str(pointer.tenant_id) for pointer in outbox}]


def _each_row(function: Callable[..., None], rows: Iterable[Pointer]) -> list[Call]:
    return [(function, (str(row.tenant_id), str(row.id)), str(row.id)) for row in rows]


def _enqueue(jobs: Queue, calls: list[Call]) -> int:
    waiting = set(jobs.get_job_ids())
    fresh = [call for call in calls if call[2] not in waiting]
    for function, arguments, job_id in fresh:
        jobs.enqueue(function, *arguments, job_id=job_id, result_ttl=0, failure_ttl=86400)
    return len(fresh)
