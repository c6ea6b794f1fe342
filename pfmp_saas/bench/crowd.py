"""A school with many conventions, made in the database out of one that was sent: rows multiplied, not lived."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.database import Base
from pfmp_saas.core.schema import metadata
from pfmp_saas.followups.models import Followup
from pfmp_saas.roster.models import Student
from pfmp_saas.signing.models import SignatureRequest, Signer

CLASSES = 60
_PUPIL = "md5('pupil' || {g})::uuid"
_NAMES = "(array['Martin','Lefèvre','Öztürk','N’Diaye','Kaddour','Moreau','Le Gall','Garcia','Nguyen','Petit'])[{g} % 10 + 1]"
_FIRST = "(array['Léa','Hugo','Aya','Noé','Zoé','Yanis','Inès'])[{g} % 7 + 1]"
_STATE = "case when {g} % 20 = 0 then 'draft' when {g} % 20 = 1 then 'sent' else 'signed' end"
_START = "current_date - 1500 + ({g} % 1560)"
"""Four years of placements, and two months to come."""


_CAMPAIGN = """
with one as (
  insert into campaigns (id, tenant_id, title, class_name, periods, starts_on, ends_on, hours, common)
  select gen_random_uuid(), id, 'PFMP C7', 'C7', '[]', current_date, current_date + 25, '{}', '{}'
  from establishments where id = nullif(current_setting('pfmp.tenant', true), '')\\:\\:uuid
  returning id
)
update conventions set campaign_id = one.id from one
where conventions.id in (select id from conventions where class_name = 'C7' order by number desc limit 30)
"""
"""A class of thirty in a campaign."""


def crowd(session: Session, conventions: int) -> None:
    """Fill the current tenant with ``conventions`` conventions of a third as many pupils, with requests and signers."""
    model = session.scalars(
        select(Convention).where(Convention.state == ConventionState.SENT, Convention.request_id.is_not(None))
    ).first()
    if model is None or model.student_id is None or model.request_id is None:
        raise LookupError("the demonstration has no convention in signature")
    pupils = max(1, conventions // 3)
    _multiply(session, Student, "id = :of", {"of": model.student_id}, pupils, _pupil())
    _multiply(session, SignatureRequest, "id = :of", {"of": model.request_id}, conventions, _request())
    _multiply(session, Convention, "id = :of", {"of": model.id}, conventions, _convention(pupils))
    _multiply(session, Signer, "request_id = :of", {"of": model.request_id}, conventions, _signer())
    session.execute(text(_CAMPAIGN))
    _multiply(session, Followup, "true", {}, conventions // 10, _followup(), most=1)
    session.commit()


def _pupil() -> dict[str, str]:
    return {
        "id": _PUPIL.format(g="g"),
        "last_name": _NAMES.format(g="g") + " || ' ' || g",
        "first_name": _FIRST.format(g="g"),
        "class_name": f"'C' || g % {CLASSES}",
        "email": "'pupil' || g || '@eleve.example'",
    }


def _request() -> dict[str, str]:
    return {
        "id": "md5('request' || g)::uuid",
        "subject_id": "md5('convention' || g)::uuid",
        "title": "'Convention ' || g",
        "state": "case when g % 20 = 1 then 'open' else 'complete' end",
        "evidence_subject": "'crowd:' || g",
    }


def _convention(pupils: int) -> dict[str, str]:
    pupil = f"(g % {pupils} + 1)"
    return {
        "id": "md5('convention' || g)::uuid",
        "number": "(2001 + g / 90000) || '-' || lpad((g % 90000)::text, 5, '0')",
        "student_id": _PUPIL.format(g=pupil),
        "student_name": f"{_FIRST.format(g=pupil)} || ' ' || {_NAMES.format(g=pupil)} || ' ' || {pupil}",
        "host_name": "'Garage ' || g % 900",
        "class_name": f"'C' || g % {CLASSES}",
        "state": _STATE.format(g="g"),
        "starts_on": _START.format(g="g"),
        "ends_on": f"{_START.format(g='g')} + 25",
        "request_id": "case when g % 20 = 0 then null else md5('request' || g)::uuid end",
        "data": "'{}'::jsonb",
    }


def _signer() -> dict[str, str]:
    return {
        "id": "md5('signer' || m.id || g)::uuid",
        "request_id": "md5('request' || g)::uuid",
        "state": "case when g % 20 = 1 and m.position > 2 then 'invited' else 'signed' end",
    }


def _followup() -> dict[str, str]:
    return {
        "id": "md5('followup' || m.id || g)::uuid",
        "convention_id": "md5('convention' || g)::uuid",
        "state": "'done'",
    }


def _multiply(
    session: Session,
    model: type[Base],
    where: str,
    values: Mapping[str, uuid.UUID],
    times: int,
    changed: Mapping[str, str],
    most: int | None = None,
) -> None:
    """Insert ``times`` copies of the rows that ``where`` names, with columns ``changed`` (``g`` counts from 1)."""
    table = metadata().tables[model.__tablename__]
    columns = [column.name for column in table.columns if column.computed is None]
    read = ", ".join(changed.get(name, f"m.{name}") for name in columns)
    limit = f" limit {most}" if most else ""
    statement = (
        f"insert into {table.name} ({', '.join(columns)}) select {read} "  # noqa: S608 - names of our own tables
        f"from (select * from {table.name} where {where}{limit}) m cross join generate_series(1, {times}) g"
    )
    session.execute(text(statement.replace("::", "\\:\\:")), dict(values))
