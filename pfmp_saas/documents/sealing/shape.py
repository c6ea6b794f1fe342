"""The names that the sealed file and its verifier share. Imports nothing: the standalone verifier carries it."""

CERTIFICATION = "certification"
CLOSING = "cloture"
SEAL_CAPACITY = "Cachet de l’établissement"
STATEMENT_SCHEMA = "pfmp/statement/1"
STATEMENT_KEY = "/PFMP"
FONT_KEY = "/PFMP"
FIELD_LABEL = "Signature : "
EVENT_REASON = "Événement "  # then the event’s hash: the signature names what was recorded
UAI_PREFIX = "UA:FR-"  # organizationIdentifier as ETSI EN 319 412-1 5.1.4 shapes a national scheme
_NAME_MAX = 64  # X.520's upper bound for the names used here, in bytes as OpenSSL and cryptography count
_CUT = "…"


def shortened(words: str) -> str:
    """Return a text as certificates carry it: single blanks, 64 bytes of UTF-8 at most, empty if it was blank."""
    words = " ".join(words.split())
    if len(words.encode()) <= _NAME_MAX:
        return words
    kept = words.encode()[: _NAME_MAX - len(_CUT.encode())].decode(errors="ignore")
    return kept.rstrip() + _CUT
