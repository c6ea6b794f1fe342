"""Signatures carried over from an earlier version: their field holds the school's seal, which names the act that was given."""

import re
from datetime import UTC, datetime

from cryptography.x509.oid import NameOID

from pfmp_saas.documents.sealing.names import CARRIED_AS, carried_reason, shortened
from pfmp_saas.evidence.verify.file.document import Signature, entry_of
from pfmp_saas.evidence.verify.file.sealed_file import SealedFile, signature_count
from pfmp_saas.evidence.verify.report import CarriedSeen, Wrong
from pfmp_saas.evidence.verify.trust import named

_CARRIED_REASON = re.compile(
    re.escape(carried_reason("EVENT", "DAY", "SIGNER", "VERSION", "ACT"))
    .replace("EVENT", "[0-9a-f]{64}")
    .replace("DAY", "(?P<day>[0-9]{2}/[0-9]{2}/[0-9]{4})")
    .replace("SIGNER", "(?P<signer>.{1,200})")
    .replace("VERSION", "(?P<version>[0-9a-f]{64})")
    .replace("ACT", "(?P<act>[0-9a-f]{64})")
)


def carried_named(file: SealedFile) -> str:
    """Check that a field that stands for a signature given before says so in its certificate and in its reason, under the school's seal."""
    carried = [(act, seen) for act in file.document.acts if (seen := carried_seen(file, act))]
    if not carried:
        return "aucune signature reportée d’une version précédente"
    for act, seen in carried:
        if named(file.signed[act.field].signer, NameOID.COMMON_NAME) != shortened(
            file.document.statement.school
        ):
            raise Wrong(
                f"la signature reportée de « {seen.capacity} » n’est pas sous le cachet de l’établissement"
            )
    sentences = [
        f"{seen.capacity} : signé par {seen.signer} le {seen.signed_on:%d/%m/%Y} sur la version {seen.version}, acte {seen.act}"
        for _, seen in carried
    ]
    total = len(file.document.statement.expected)
    return f"{signature_count(len(carried))} reportée{'s' if len(carried) > 1 else ''}, sur {total} – {' ; '.join(sentences)}"


def carried_seen(file: SealedFile, act: Signature) -> CarriedSeen | None:
    """Return the signature that a field carries over, None when it holds one given on this version; raises Wrong."""
    capacity = file.document.statement.expected.get(act.field, "")
    reason = _CARRIED_REASON.fullmatch(str(entry_of(act.value, "/Reason", "")))
    title = named(file.signed[act.field].signer, NameOID.TITLE)
    if shortened(capacity).startswith(CARRIED_AS) or (title == carrying(capacity)) != bool(reason):
        raise Wrong(
            f"« {act.label} » : le certificat et le motif ne disent pas la même chose d’une signature reportée"
        )
    if reason is None:
        return None
    try:
        day = datetime.strptime(reason["day"], "%d/%m/%Y").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Wrong(f"« {act.label} » : le jour de la signature reportée n’existe pas") from error
    return CarriedSeen(reason["signer"], capacity, day, reason["version"], reason["act"])


def carrying(capacity: str) -> str:
    """Return the title that certificates carry for the school's seal over a signature carried in ``capacity``."""
    return shortened(CARRIED_AS + capacity)
