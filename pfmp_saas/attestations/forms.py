"""The form of an attestation: days and euros as people type them, each fault beside its field."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pfmp_saas.core.fields import Area, By, Line
from pfmp_saas.core.forms import AtMost, Form, Needed

_TOWN = "Indiquez la commune (120 caractères au plus)."
_BLANKS = str.maketrans("", "", " \u00a0\u202f€")


def shown(planned_days: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first answers: the days that the convention ``data`` plans, no money, the host's town."""
    return {"effective_days": planned_days, "gratification": "0", "place": _town(data)}


def _town(data: Mapping[str, Any]) -> str:
    last = str((data.get("host") or {}).get("address") or "").rsplit(",", 1)[-1].strip()
    return last.lstrip("0123456789 ")


def _number(limit: int, step: str, inexact: str, blank: str = "") -> Callable[[str], Decimal]:
    """Return the reader of a number from 0 to ``limit``, kept and printed exactly: nothing is rounded behind who signs."""

    def read(text: str) -> Decimal:
        try:
            value = Decimal(text.translate(_BLANKS).replace(",", ".") or blank)
        except InvalidOperation:
            raise ValueError("Écrivez un nombre, par exemple 15 ou 12,5.") from None
        if not value.is_finite() or not 0 <= value <= limit:
            raise ValueError(f"Un nombre entre 0 et {limit}.")
        if value != value.quantize(Decimal(step)):
            raise ValueError(inexact)
        return value

    return read


class AttestationForm(Form):
    """What the host attests: days of presence (D124-6), euros, and where it is done."""

    effective_days = By(
        "Jours de présence effective",
        _number(200, "0.1", "Une décimale au plus : 15 ou 12,5."),
        description="Prérempli d’après les horaires : un jour vaut sept heures de présence (article D. 124-6). Retirez les absences.",
        render_kw={"inputmode": "decimal"},
    )
    gratification = By(
        "Gratification versée au total (euros)",
        _number(100_000, "0.01", "Deux décimales au plus : 312,50.", blank="0"),
        description="0 si aucune.",
        render_kw={"inputmode": "decimal"},
    )
    place = Line("Fait à", validators=[Needed(_TOWN), AtMost(120)])
    reason = Area(
        "Motif, si ces chiffres diffèrent de la convention",
        description="Par exemple : jours rattrapés, heures en plus convenues, gratification d’usage. À laisser vide sinon.",
        validators=[AtMost(500)],
    )

    def figures(self) -> dict[str, Any]:
        """Return what was read. Only for a form that is right."""
        figures = {name: self[name].data for name in ("effective_days", "gratification", "place")}
        return {**figures, "reason": self.reason.data or ""}
