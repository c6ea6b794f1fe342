"""The forms of an accident: what happened, where and when; then how its declaration left."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms.validators import ValidationError

from pfmp_saas.core.fields import Area, Line, Moment, Tick
from pfmp_saas.core.forms import AtMost, Form, Needed

_WHEN = "Indiquez un jour et une heure qui existent, par exemple 12/01/2027 14:30."
_FEW = "À remplir en quelques mots."
WHO = {"host": "l’organisme d’accueil", "school": "l’établissement"}


class AccidentForm(Form):
    """An accident, its instants local to the place of work."""

    occurred_at = Moment("Jour et heure de l’accident (heure du lieu)", validators=[Needed(_WHEN)])
    known_at = Moment("Jour et heure où on l’a su", validators=[Needed(_WHEN)])
    place = Line("Lieu", validators=[Needed(_FEW), AtMost(300)])
    circumstances = Area(
        "Circonstances",
        description="Ce qui s’est passé, en quelques phrases. Pas de diagnostic.",
        validators=[Needed(_FEW), AtMost(4000)],
    )
    commuting = Tick("L’accident est arrivé sur le trajet")

    def __init__(self, declarant: str, zone: ZoneInfo, now: datetime) -> None:
        """Build the form; ``declarant`` is ``host`` or ``school``, ``zone`` the place's, ``now`` UTC."""
        super().__init__()
        self._zone, self._now = zone, now
        self.known_at.label.text = f"Jour et heure où {WHO[declarant]} l’a su"

    def facts(self) -> dict[str, Any]:
        """Return what was read, instants in UTC. Only for a form that is right."""
        instants = {
            name: self._instant(field)
            for name, field in (("occurred_at", self.occurred_at), ("known_at", self.known_at))
        }
        texts = {"place": self.place.data, "circumstances": self.circumstances.data}
        return {**instants, **texts, "commuting": self.commuting.data}

    def validate_occurred_at(self, field: Moment) -> None:
        """Refuse an instant to come."""
        if self._instant(field) > self._now:
            raise ValidationError("Ce moment est dans le futur.")

    def validate_known_at(self, field: Moment) -> None:
        """Refuse an instant to come, or before the accident."""
        self.validate_occurred_at(field)
        if self.occurred_at.data and field.data < self.occurred_at.data:
            raise ValidationError("L’accident n’a pas pu être connu avant d’être arrivé.")

    def _instant(self, field: Moment) -> datetime:
        local: datetime = field.data
        return local.replace(tzinfo=self._zone).astimezone(UTC)


class DeclarationForm(Form):
    """How the declaration of an accident left."""

    means = Line("La déclaration est partie par")
