"""The forms of an accident: what happened, where and when; then how its declaration left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms.validators import ValidationError

from pfmp_saas.accidents.use_cases import Facts, Sending
from pfmp_saas.core.fields import Area, Day, Line, Moment, Tick, Upload
from pfmp_saas.core.forms import AtMost, Form, Needed
from pfmp_saas.signing.scans import read_scan

_WHEN = "Indiquez un jour et une heure qui existent, par exemple 12/01/2027 14:30."
_FEW = "À remplir en quelques mots."
WHO = {"host": "l’organisme d’accueil", "school": "l’établissement"}


OUTSIDE = "Hors des dates de la convention :"
"""Before the reason, in the circumstances that are kept and declared."""
_SAME = timedelta(hours=24)
"""Two accidents of one pupil nearer than this may be one."""


@dataclass(frozen=True)
class About:
    """The placement of an accident: who declares (``host`` or ``school``), its zone, its days, accidents known (UTC)."""

    declarant: str
    zone: ZoneInfo
    periods: tuple[tuple[date, date], ...]
    known: tuple[datetime, ...] = ()


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
    activity = Line(
        "Ce que l’élève faisait", description="Rangeait des tôles, roulait à vélo…", validators=[AtMost(300)]
    )
    cause = Line("Ce qui l’a blessé (outil, machine, sol…)", validators=[AtMost(300)])
    witnesses = Line("Témoins (nom, téléphone)", validators=[AtMost(300)])
    third_party = Line(
        "Quelqu’un d’étranger à l’entreprise l’a causé ?",
        description="Si oui : nom, adresse, assureur s’ils sont connus.",
        validators=[AtMost(300)],
    )
    commuting = Tick("L’accident est arrivé sur le trajet")
    outside = Line(
        "Pourquoi hors des dates de la convention",
        description="À remplir si ce jour n’en est pas.",
        validators=[AtMost(300)],
    )
    another = Tick("C’est un autre accident que celui déjà enregistré")

    def __init__(self, about: "About", now: datetime, known: Mapping[str, Any] | None = None) -> None:
        """Build the form of an accident; ``now`` is UTC, ``known`` what an entry to correct says, instants local."""
        super().__init__(data=known)
        declarant, self._zone, self._about, self._now = about.declarant, about.zone, about, now
        self.known_at.label.text = f"Jour et heure où {WHO[declarant]} l’a su"

    def facts(self) -> Facts:
        """Return what was read, instants in UTC. Only for a form that is right."""
        why = f"\n\n{OUTSIDE} {self.outside.data}" if self.outside.data and self._is_outside() else ""
        more = {name: self[name].data or "" for name in ("activity", "cause", "witnesses", "third_party")}
        return Facts(
            occurred_at=self._instant(self.occurred_at),
            known_at=self._instant(self.known_at),
            place=self.place.data,
            circumstances=f"{self.circumstances.data}{why}",
            commuting=self.commuting.data,
            **more,
        )

    def validate_occurred_at(self, field: Moment) -> None:
        """Refuse an hour that the clocks skip, and an instant to come."""
        if self._instant(field).astimezone(self._zone).replace(tzinfo=None) != field.data:
            raise ValidationError(
                "Cette heure n’existe pas ce jour-là : les horloges avancent d’une heure dans la nuit."
            )
        if self._instant(field) > self._now:
            raise ValidationError("Ce moment est dans le futur.")

    def validate_known_at(self, field: Moment) -> None:
        """Refuse an instant to come, or before the accident."""
        self.validate_occurred_at(field)
        if self.occurred_at.data and field.data < self.occurred_at.data:
            raise ValidationError("L’accident n’a pas pu être connu avant d’être arrivé.")

    def validate_outside(self, field: Line) -> None:
        """Ask why, where the day is none of the placement's."""
        if not field.data and self._is_outside():
            raise ValidationError("Ce jour n’est pas de la convention : vérifiez-le, ou dites ici pourquoi.")

    def _is_outside(self) -> bool:
        when: datetime | None = self.occurred_at.data
        return when is not None and not any(
            first <= when.date() <= last for first, last in self._about.periods
        )

    def validate_another(self, field: Tick) -> None:
        """Ask whether one accident is told twice."""
        when: datetime | None = self.occurred_at.data
        if when is None or field.data:
            return
        near = [each for each in self._about.known if abs(each - self._instant(self.occurred_at)) < _SAME]
        if near:
            told = near[0].astimezone(self._zone)
            raise ValidationError(
                f"Un accident du {told:%d/%m/%Y à %H:%M} est déjà enregistré pour cet élève. Si c’en est un autre, cochez ici."
            )

    def _instant(self, field: Moment) -> datetime:
        local: datetime = field.data
        return local.replace(tzinfo=self._zone).astimezone(UTC)


class DeclarationForm(Form):
    """How the declaration of an accident left, on which day, and its proof."""

    means = Line("La déclaration est partie par")
    sent_on = Day(
        "Jour de l’envoi", description="Celui du récépissé ou de l’avis de dépôt : aujourd’hui sinon."
    )
    proof = Upload("Preuve de l’envoi (PDF ou image, 10 Mo au plus)")

    def sending(self) -> Sending:
        """Return what was read. Raises DomainError for a file that is no proof."""
        scan = read_scan(self.proof.data) if self.proof.data else None
        return Sending(self.means.data or "", self.sent_on.data, scan)


class WithdrawalForm(Form):
    """Why an accident was recorded by mistake."""

    why = Line("Pourquoi cette inscription est une erreur", validators=[AtMost(300)])
