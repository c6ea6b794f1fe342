"""The person behind an event: whether the kept name is the one that was committed to, or was erased for ever. Pure."""

from collections import Counter
from datetime import date, datetime

from pfmp_saas.evidence.events import commit

_BEFORE = '{"actor":"'  # the first key of every event in RFC 8785 form
_HEX = 64


class People:
    """Judges commitments one by one, and counts those that were closed."""

    def __init__(self) -> None:
        self.erased: Counter[date] = Counter()

    def judge(
        self, canonical: str, value: str | None, salt: bytes | None, erased_at: datetime | None
    ) -> tuple[str, str] | None:
        """Return what is wrong between an event's text and the salt kept for its actor: a code and why, in French."""
        if not canonical.startswith(_BEFORE):
            return None  # an event without an actor, or no event: the chain says which
        if erased_at is not None and value is None and salt is None:
            self.erased[erased_at.date()] += 1
            return None
        if value is None or salt is None:
            return "actor-missing", "le nom de la personne a disparu sans avoir été effacé dans les règles"
        stated = canonical[len(_BEFORE) : len(_BEFORE) + _HEX]
        if commit(salt, value) != stated:
            return "actor-differs", "le nom gardé n’est pas celui de la personne qui a agi"
        return None
