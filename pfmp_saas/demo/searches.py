"""The searches of the demonstration: what pupils without a host noted, who asked for help, who was offered a place."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.conventions.models import Convention
from pfmp_saas.searches.kinds import StepKind
from pfmp_saas.searches.use_cases import Step, note

_TALES: tuple[tuple[tuple[int, Step], ...], ...] = (
    (
        (9, Step(StepKind.CALLED, "Garage des Tilleuls", "M. Henry, 03 80 11 22 33", "Rappeler la semaine prochaine.")),
        (2, Step(StepKind.APPOINTMENT, "Garage des Tilleuls", "M. Henry", "Vendredi à 17 h, avec mon CV.")),
    ),
    (
        (12, Step(StepKind.WROTE, "Ateliers Ponsard", "contact du site", "CV envoyé.")),
        (10, Step(StepKind.REFUSED, "Ateliers Ponsard", "", "Ils ont déjà quelqu’un.")),
    ),
    ((3, Step(StepKind.CALLED, "Établissements Roche", "l’accueil")), (1, Step(StepKind.ASKED, words="Je ne suis pas mobile, je cherche près de la gare."))),
    (),
    (
        (
            1,
            Step(
                StepKind.FOUND,
                "Carrosserie du Parc",
                "03 80 44 55 66",
                "Ils veulent bien, ils attendent la convention.",
                found={
                    "host": {"name": "Carrosserie du Parc", "address": "8 allée du Parc, 21000 Dijon", "representative": {"name": "Paul Garnier", "email": "p.garnier@carrosserie-parc.example"}},
                    "tutor": {"name": "Léo Martin"},
                },
            ),
        ),
    ),
    ((6, Step(StepKind.VISITED, "Dépannage 2000", "la patronne", "Réponse avant la fin du mois.")),),
)  # fmt: skip


def looked_for(session: Session, campaign_id: uuid.UUID, now: datetime) -> None:
    """Note the searches of a campaign's pupils without a host, each by one of a few tales."""
    unplaced = select(Convention.id).where(Convention.campaign_id == campaign_id, Convention.host_name == "")
    for rank, draft in enumerate(session.scalars(unplaced.order_by(Convention.number)).all()):
        tell(session, draft, rank, now)


def tell(session: Session, convention_id: uuid.UUID, rank: int, now: datetime) -> None:
    """Note one tale behind a draft."""
    for days, step in _TALES[rank % len(_TALES)]:
        at = now - timedelta(days=days)
        note(
            session,
            convention_id,
            step,
            by=None,
            today=at.astimezone(ZoneInfo("Europe/Paris")).date(),
            now=at,
        )
