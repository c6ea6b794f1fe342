"""What the rest of the application reads of a sealed file: its certificates, the reasons of its signatures."""

from cryptography import x509

from pfmp_saas.evidence.verify.file.document import Document, entry_of
from pfmp_saas.evidence.verify.file.signature import read_cms


def certificates_of(pdf: bytes) -> list[x509.Certificate]:
    """Return signers in the order of their signatures, then their authorities, then roots, each once.

    Raises Wrong for a file whose signatures can't be read.
    """
    paths = [read_cms(pdf, signature).path for signature in Document(pdf).certified]
    return list(dict.fromkeys(path[rank] for rank in range(3) for path in paths))


def reasons_of(pdf: bytes) -> dict[str, str]:
    """Return the reasons of people's signatures, by field.

    A reason names the event that the signature seals. A file that can't be read has none: that is another fault.
    """
    try:
        return {act.field: str(entry_of(act.value, "/Reason", "")) for act in Document(pdf).acts}
    except Exception:  # noqa: BLE001 - hostile bytes: parsers raise whatever they like
        return {}
