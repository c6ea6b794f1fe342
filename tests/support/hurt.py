"""An accident as a host tells it, the day before the present of the tests."""

from datetime import timedelta

from tests.support.clock import NOW, PARIS

LOCAL = (NOW - timedelta(days=1)).astimezone(PARIS)
TOLD = {
    "occurred_at": f"{LOCAL:%d/%m/%Y} 10:10",
    "known_at": f"{LOCAL:%d/%m/%Y} 10:30",
    "place": "Atelier, pont no 2",
    "circumstances": "Chute d’une caisse à outils.",
    "activity": "Rangeait des outils",
    "cause": "Une caisse à outils",
    "witnesses": "Sylvie Lambert, 06 12 34 56 78",
    "outside": "Journée rattrapée",
}
