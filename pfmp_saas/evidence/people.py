"""The person behind an event: is the stored name the one that was committed to, or was it erased? Pure."""

from collections import Counter
from datetime import UTC, date, datetime

from pfmp_saas.evidence.events import commit

_BEFORE = '{"actor":"'  # the first key of every event in RFC 8785 form
_HEX = 64
_MESSAGES = {
    "missing": "le nom de la personne a disparu sans avoir été effacé dans les règles",
    "differs": "le nom gardé n’est pas celui de la personne qui a agi",
}


def commitment_fault(
    stated: object, value: str | None, salt: bytes | None, erased_at: datetime | None
) -> str | None:
    """Compare the commitment that an event states with the name and salt stored for it.

    Returns ``missing`` when they vanished without having been erased, ``differs`` when they give another commitment,
    None when nothing is wrong.
    """
    if erased_at is not None and value is None and salt is None:
        return None
    if value is None or salt is None:
        return "missing"
    return None if commit(salt, value) == stated else "differs"


class People:
    """A reader of commitments, one by one, that counts those whose salt was destroyed."""

    def __init__(self) -> None:
        self.erased: Counter[date] = Counter()

    def judge(
        self, canonical: str, value: str | None, salt: bytes | None, erased_at: datetime | None
    ) -> tuple[str, str] | None:
        """Compare an event's text with the salt stored for its actor; return a fault's code and why, in French, or None."""
        if not canonical.startswith(_BEFORE):
            return None  # an event without an actor, or no event: the chain says which
        if erased_at is not None and value is None and salt is None:
            self.erased[erased_at.astimezone(UTC).date()] += 1
        fault = commitment_fault(canonical[len(_BEFORE) : len(_BEFORE) + _HEX], value, salt, erased_at)
        return (f"actor-{fault}", _MESSAGES[fault]) if fault else None
