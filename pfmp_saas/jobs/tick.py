"""The tick: select what is due, and put its identifiers in the queue. The rows are the truth."""

from collections.abc import Callable, Iterable

from rq import Queue

from pfmp_saas.core import crossing, heartbeat
from pfmp_saas.core.crossing import Pointer
from pfmp_saas.core.queue import queue
from pfmp_saas.jobs.runtime import runtime, work
from pfmp_saas.jobs.work import run_due, run_outbox, send_mail

MOST = 500
EVERY_SECONDS = 2


def tick() -> int:
    """Enqueue what is due in every establishment; return how many jobs. Enqueued twice, a job does nothing twice."""
    now = runtime().clock()
    with work(None) as session:
        due = crossing.due_items(session, now, MOST)
        mails = crossing.unsent_mails(session, now, MOST)
        outbox = crossing.pending_outbox(session, now, MOST)
        heartbeat.beat(session, "tick", now)
    jobs = queue(runtime().settings)
    return _enqueue(jobs, due, mails, outbox)


def _enqueue(jobs: Queue, due: Iterable[Pointer], mails: Iterable[Pointer], outbox: Iterable[Pointer]) -> int:
    tenants = {str(pointer.tenant_id) for pointer in outbox}
    calls: list[tuple[Callable[..., None], tuple[str, ...], str]] = [
        (run_outbox, (tenant,), tenant) for tenant in tenants
    ]
    calls += [(run_due, (str(row.tenant_id), str(row.id)), str(row.id)) for row in due]
    calls += [(send_mail, (str(row.tenant_id), str(row.id)), str(row.id)) for row in mails]
    waiting = set(jobs.get_job_ids())
    fresh = [call for call in calls if call[2] not in waiting]
    for function, arguments, job_id in fresh:
        jobs.enqueue(function, *arguments, job_id=job_id, result_ttl=0, failure_ttl=86400)
    return len(fresh)
