"""Values that sealing takes and returns: places, identities, appearances, and the statement inside the sealed file."""

from dataclasses import dataclass

import rfc8785

from pfmp_saas.documents.sealing.names import STATEMENT_SCHEMA


class SealingError(Exception):
    """The file can't be sealed as asked; the message says why, in French."""


class FieldTaken(SealingError):
    """The signature field already holds a signature."""


class NoSuchField(SealingError):
    """The file has no signature field of that name."""


@dataclass(frozen=True)
class FieldPlace:
    """An empty signature field to create.

    ``page`` counts from 0; ``box`` is (left, bottom, right, top) in points from the page's lower left corner;
    ``capacity`` is the French capacity that the signer's certificate must carry.
    """

    name: str
    page: int
    box: tuple[float, float, float, float]
    capacity: str


@dataclass(frozen=True)
class Subject:
    """The subject of a sealed file: the school, by its UAI number and name, and our own identifier."""

    tenant: str
    school: str
    subject: str
    kind: str = "convention"


@dataclass(frozen=True)
class Appearance:
    """The words of a signature on the page; ``when_local_text`` is already in the school's zone, in French."""

    name: str
    capacity: str
    when_local_text: str
    fingerprint: str

    @property
    def lines(self) -> tuple[str, str, str, str]:
        """Return the lines written in the field, from the largest letters to the smallest."""
        capacity = f"en qualité de {self.capacity}" if self.capacity else ""
        return self.name, capacity, f"Signé le {self.when_local_text}", f"Empreinte {self.fingerprint}"


@dataclass(frozen=True)
class PaperAppearance:
    """The words of the seal put by the person who saw a paper signature: the signer used no key of his or her own.

    ``name`` and ``role`` are those of who saw the original; ``signer``, ``capacity`` and ``signed_on`` (13/01/2027)
    are the paper's.
    """

    name: str
    role: str
    signer: str
    capacity: str
    signed_on: str
    when_local_text: str
    fingerprint: str

    @property
    def lines(self) -> tuple[str, str, str, str]:
        """Return the lines written in the field, from the largest letters to the smallest."""
        return (
            f"Signé sur papier le {self.signed_on}",
            f"par {self.signer}, {self.capacity}",
            f"Original vu par {self.name} ({self.role})",
            f"le {self.when_local_text}, empreinte du scan {self.fingerprint}",
        )


def statement(
    about: Subject,
    rendering_sha256: str,
    rendering_bytes: int,
    places: tuple[FieldPlace, ...],
    *,
    timestamped: bool = False,
) -> bytes:
    """Return the RFC 8785 JSON inside the certified bytes: it says what a complete file must hold.

    ``rendering_sha256`` is the hash in hexadecimal of the first ``rendering_bytes`` bytes: the unsigned rendering;
    ``timestamped`` says that every act and the closing will carry an authority's time.
    """
    return rfc8785.dumps(
        {
            "schema": STATEMENT_SCHEMA,
            "tenant": about.tenant,
            "school": about.school,
            "subject": about.subject,
            "kind": about.kind,
            "timestamped": timestamped,
            "rendering": {"sha256": rendering_sha256, "bytes": rendering_bytes},
            "signatures": [{"field": place.name, "capacity": place.capacity} for place in places],
        }
    )
