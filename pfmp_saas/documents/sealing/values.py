"""Values that sealing takes and returns: places, identities, and the statement inside the sealed file."""

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
    """The subject of a sealed file: the school, by its UAI number and name, our own identifier, the school's time zone (IANA)."""

    tenant: str
    school: str
    subject: str
    kind: str = "convention"
    timezone: str = "Europe/Paris"


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
            "timezone": about.timezone,
            "timestamped": timestamped,
            "rendering": {"sha256": rendering_sha256, "bytes": rendering_bytes},
            "signatures": [{"field": place.name, "capacity": place.capacity} for place in places],
        }
    )
