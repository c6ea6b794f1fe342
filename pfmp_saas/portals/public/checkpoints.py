"""The public list of checkpoints: the signed size of each school's log of evidence, without its content."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import NotFound
from pfmp_saas.core.permissions import public
from pfmp_saas.evidence.checkpoint import queries
from pfmp_saas.evidence.checkpoint.cosigned import cosigned_note, of
from pfmp_saas.evidence.checkpoint.keys import all_keys, public_of
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.checkpoint.note import fingerprint
from pfmp_saas.portals.context import session, uai
from pfmp_saas.portals.files import attached_file
from pfmp_saas.portals.limits import limiter
from pfmp_saas.tenants import queries as tenants
from pfmp_saas.tenants.models import Establishment

bp = Blueprint("checkpoints", __name__, url_prefix="/points-de-controle")
WHY = "a checkpoint is worth something only if anyone may keep it"
SHOWN = 50
TIMESTAMP = "application/timestamp-reply"


@bp.get("")
@public(WHY)
@limiter.limit("60 per minute")
def every() -> ResponseReturnValue:
    """List the schools, each with the newest checkpoint of its log."""
    schools = tenants.everyone(session())
    rows = [(school, next(iter(_inside(school, 1)), None)) for school in schools]
    enter_tenant(session(), None)
    return render_template("portals/public/checkpoints.html", rows=rows, short=fingerprint)


def _inside(school: Establishment, most: int, below: int | None = None) -> list[StoredCheckpoint]:
    enter_tenant(session(), school.id)
    return list(queries.latest(session(), most, below=below))


@bp.get("/<uai>")
@public(WHY)
@limiter.limit("60 per minute")
def one() -> ResponseReturnValue:
    """List the checkpoints of one school's log, the newest first."""
    school = tenants.by_uai(session(), uai())
    below = request.args.get("avant", type=int)
    checkpoints = _inside(school, SHOWN + 1, below)
    return render_template(
        "portals/public/checkpoints_of.html",
        school=school,
        rows=checkpoints[:SHOWN],
        older=checkpoints[SHOWN - 1].size if len(checkpoints) > SHOWN else None,
        keys=[(row, public_of(row)) for row in all_keys(session())],
        short=fingerprint,
        cosigned={row.id: of(session(), row) for row in checkpoints[:SHOWN]},
    )


@bp.get("/<uai>/<int:size>.txt")
@public(WHY)
@limiter.limit("120 per minute")
def note(size: int) -> ResponseReturnValue:
    """Give one checkpoint as it was signed, and cosigned by its witnesses."""
    text = cosigned_note(session(), _of_size(size))
    return attached_file(text.encode(), f"releve-{uai()}-{size}.txt", "text/plain")


@bp.get("/<uai>/<int:size>.tsr")
@public(WHY)
@limiter.limit("120 per minute")
def stamp(size: int) -> ResponseReturnValue:
    """Give the timestamp of one checkpoint. Raises NotFound while it is awaited."""
    answer = _of_size(size).stamp
    if answer is None:
        raise NotFound
    return attached_file(answer, f"releve-{uai()}-{size}.tsr", TIMESTAMP)


@bp.get("/<uai>/<int:size>-2.tsr")
@public(WHY)
@limiter.limit("120 per minute")
def second_stamp(size: int) -> ResponseReturnValue:
    """Give the timestamp of one checkpoint by the second authority. Raises NotFound while it is awaited."""
    second = _of_size(size).second
    if second is None or second.stamp is None:
        raise NotFound
    return attached_file(second.stamp, f"releve-{uai()}-{size}-2.tsr", TIMESTAMP)


def _of_size(size: int) -> StoredCheckpoint:
    enter_tenant(session(), tenants.by_uai(session(), uai()).id)
    checkpoint = queries.of_size(session(), size) if size < 1 << 62 else None
    if checkpoint is None:
        raise NotFound
    return checkpoint
