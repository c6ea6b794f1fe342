"""What each signature of a sealed file gives as its reason: the event that it seals."""

from pfmp_saas.evidence.verify.document import Document, entry_of


def reasons_of(pdf: bytes) -> dict[str, str]:
    """Return the reasons of people's signatures, by field; empty for a file that can't be read, which is another fault."""
    try:
        return {act.field: str(entry_of(act.value, "/Reason", "")) for act in Document(pdf).acts}
    except Exception:  # noqa: BLE001 - hostile bytes: parsers raise whatever they like
        return {}
