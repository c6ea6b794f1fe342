"""What is left blank on paper."""

from pfmp_saas.documents.content import Bullets

# What the model of attestation cannot say before the placement's last day.
LAST_DAY = frozenset(
    {
        "attestation.first_day",
        "attestation.last_day",
        "attestation.days",
        "attestation.gratification",
        "attestation.place",
        "attestation.date",
    }
)


def lines(count: int) -> Bullets:
    """Return ``count`` ruled lines to write on."""
    return Bullets((), blank_lines=count)
