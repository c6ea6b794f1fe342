"""The names that the sealed file and its verifier share. It imports nothing, since the standalone verifier carries it."""

CERTIFICATION = "certification"
CLOSING = "cloture"
SEAL_CAPACITY = "Cachet de l’établissement"
STATEMENT_SCHEMA = "pfmp/statement/1"
STATEMENT_KEY = "/PFMP"
FONT_KEY = "/PFMP"
SIGNATURE_FONTS = frozenset(("764207d5ed7c863f823cf68e2e59e6d429a2daac2e3bf9ed9e91f5879e909de5",))
"""SHA-256 of each font that signatures were ever drawn in: letters, their meaning, their widths. One more when it changes."""
FIELD_LABEL = "Signature : "
EVENT_REASON = "Événement "  # then the event’s hash: the signature names what was recorded
VOUCHED = "Atteste l’original papier : "  # then the capacity: the certificate of who saw a paper signature
CARRIED_AS = "Reporte la signature : "  # then the capacity: the school’s seal over a signature given on an earlier version
UAI_PREFIX = "UA:FR-"  # organizationIdentifier as ETSI EN 319 412-1 5.1.4 shapes a national scheme
_NAME_MAX = 64  # X.520's upper bound for the names used here, in bytes as OpenSSL and cryptography count
_CUT = "…"


def paper_reason(event_hash: str, signed_on: str, signer: str, scan_sha256: str) -> str:
    """Return the reason of the seal on a paper signature: its event, the day (13/01/2027) and name on paper, the scan."""
    return (
        f"{EVENT_REASON}{event_hash} ; signé sur papier le {signed_on} par {signer} ; "
        f"original vu par le titulaire de ce certificat ; empreinte SHA-256 du scan {scan_sha256}"
    )


def carried_reason(event_hash: str, signed_on: str, signer: str, version: str, act: str) -> str:
    """Return the reason of the seal on a carried signature: its event, the day (13/01/2027) and name, version and act that it carries."""
    return (
        f"{EVENT_REASON}{event_hash} ; signature donnée le {signed_on} par {signer} sur la version {version}, "
        f"reportée sans opposition ; acte {act}"
    )


def shortened(words: str) -> str:
    """Return a text as certificates carry it: single blanks, 64 bytes of UTF-8 at most, empty if it was blank."""
    words = " ".join(words.split())
    if len(words.encode()) <= _NAME_MAX:
        return words
    beginning = words.encode()[: _NAME_MAX - len(_CUT.encode())].decode(errors="ignore")
    return beginning.rstrip() + _CUT
