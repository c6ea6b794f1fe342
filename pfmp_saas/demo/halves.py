"""The hosts of the demonstration that are asked for their half: one has still to fill it, one has answered."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.conventions.states import ConventionState
from pfmp_saas.core.settings import Settings
from pfmp_saas.halves import queries, use_cases
from pfmp_saas.portals.half_links import HALF
from pfmp_saas.portals.seals import sealed_with
from pfmp_saas.tenants import queries as tenants

_ANSWERS = {"host.phone": "03 80 44 55 66", "host.staff": 9, "tutor.function": "chef d’atelier"}


def asked_for(session: Session, campaign_id: uuid.UUID, settings: Settings, now: datetime) -> None:
    """Ask the hosts of a campaign's first two drafts that have one; the second answers a day later."""
    uai, asked_at = tenants.here(session).uai, now - timedelta(days=3)

    def link(half_id: uuid.UUID) -> str:
        return f"{settings.base_url}/accueil/{uai}/{sealed_with(settings.secret_key, HALF, half_id, uai)}"

    placed = (
        Convention.campaign_id == campaign_id,
        Convention.host_name != "",
        Convention.state == ConventionState.DRAFT,
    )
    drafts = session.scalars(select(Convention.id).where(*placed).order_by(Convention.number).limit(2)).all()
    use_cases.ask_known(session, drafts, link=link, now=asked_at)
    half = queries.of_convention(session, drafts[-1]) if drafts else None
    if half is not None:
        use_cases.keep(
            session, use_cases.open_locked(session, half.id), _ANSWERS, asked_at + timedelta(days=1)
        )
        use_cases.answer(session, half.id, asked_at + timedelta(days=1))
