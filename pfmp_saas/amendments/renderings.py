"""The second rendering: what was frozen is made again from its data, and compared with the certified page, to the byte.

The verifier knows the page by the hash that the school's own seal covers. Here the page itself is judged: whoever
certified another one than the data give, with the school's keys, left whole evidence of a page that nobody typed.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pfmp_saas.amendments import queries
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.amendments.states import AmendmentState
from pfmp_saas.amendments.use_cases import preview
from pfmp_saas.conventions.freeze import render_convention
from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.storage import StoredFile
from pfmp_saas.documents.content import Rendered
from pfmp_saas.documents.versions import FIRST, RENDERER, VERSIONS
from pfmp_saas.evidence.chain import Fault
from pfmp_saas.signing.frozen import frozen_payload
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.types.document import digest_of
from pfmp_saas.types.revisions.use_cases import type_of


def rendering_faults(session: Session, uai: str) -> Iterator[Fault]:
    """Yield a fault for each frozen convention or amendment whose page its frozen data do not give again.

    Those whose data are no longer the frozen ones are told by the comparison of data, and cannot be rendered again.
    """
    sent = Convention.state.not_in([ConventionState.DRAFT, ConventionState.ERASED])
    for row in session.scalars(select(Convention).where(sent)):
        yield from _judged(session, uai, row, *_of_convention(session, row))
    for amendment in session.scalars(select(Amendment).where(Amendment.state != AmendmentState.DRAFT)):
        again = partial(preview, session, amendment)
        yield from _judged(session, uai, amendment, amendment.data, again)


def _of_convention(session: Session, row: Convention) -> tuple[dict[str, object], Callable[[str], Rendered]]:
    """Return the data that a convention was sent with, before any amendment, and how to render them."""
    amended = queries.of_convention(session, row.id)
    data = next((each.before for each in amended if each.state == AmendmentState.SIGNED), row.data)
    return data, lambda version: render_convention(type_of(session, row), data, version)


def _judged(
    session: Session,
    uai: str,
    row: Convention | Amendment,
    data: dict[str, object],
    again: Callable[[str], Rendered],
) -> Iterator[Fault]:
    request = session.get(SignatureRequest, row.request_id) if row.request_id else None
    frozen = frozen_payload(session, request) if request and not request.erased_at else {}
    if request is None or digest_of(data) != frozen.get("data"):
        return
    version = frozen.get(RENDERER, FIRST)
    if version not in VERSIONS:
        why = f"le document se dit rendu par une version inconnue ({version})"
        yield Fault(uai, request.evidence_subject, 0, "renderer-unknown", why)
    elif not _same(session, request, again(version).pdf):
        why = "la page certifiée n’est pas celle que donnent les données figées"
        yield Fault(uai, request.evidence_subject, 0, "rendering-differs", why)


def _same(session: Session, request: SignatureRequest, again: bytes) -> bool:
    """Tell whether a document begins with these bytes; one whose file is gone is told elsewhere."""
    begun = func.sha256(func.substr(StoredFile.content, 1, len(again)))
    kept = session.scalar(select(begun).where(StoredFile.id == request.file_id))
    return kept is None or bytes(kept) == hashlib.sha256(again).digest()
