"""The certificates that a sealed file carries, for who must keep them beside it."""

from cryptography import x509

from pfmp_saas.evidence.verify.document import Document
from pfmp_saas.evidence.verify.intact import read_cms


def certificates_of(pdf: bytes) -> list[x509.Certificate]:
    """Return signers in the order of their signatures, then their authorities, then roots, each once.

    Raises Wrong for a file whose signatures can't be read.
    """
    paths = [read_cms(pdf, each).path for each in Document(pdf).certified]
    return list(dict.fromkeys(path[rank] for rank in range(3) for path in paths))
