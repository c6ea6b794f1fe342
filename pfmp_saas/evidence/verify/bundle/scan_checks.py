"""The check of a bundle's scans: one for each paper signature, the very bytes that its event and its seal name."""

import hashlib

from pfmp_saas.evidence.verify.bundle.archive import SCANS
from pfmp_saas.evidence.verify.bundle.contents import Bundle
from pfmp_saas.evidence.verify.file.paper import paper_seen
from pfmp_saas.evidence.verify.report import Wrong


def scans_present(bundle: Bundle) -> str:
    """Check that each paper signature has its scan in the bundle, and that no other scan is there."""
    digests = [hashlib.sha256(bundle.members[name]).hexdigest() for name in SCANS if name in bundle.members]
    count = len(digests)
    for act in bundle.file.document.acts:
        seen = paper_seen(bundle.file, act)
        if seen and seen.scan_sha256 not in digests:
            raise Wrong(f"le scan dont l’empreinte est scellée pour « {act.label} » n’est pas dans le paquet")
        if seen:
            digests.remove(seen.scan_sha256)
    if digests:
        raise Wrong("le paquet contient un scan qu’aucune signature sur papier ne désigne")
    return f"{count} scan{'s' if count > 1 else ''}, à l’empreinte scellée" if count else "aucun scan attendu"
