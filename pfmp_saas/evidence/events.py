"""Evidence events: written so that they can be hashed and chained, and a person in them erased.

Personal data never enters in clear: only salted commitments do. Destroying a salt makes the person
unreadable and leaves every hash as it was.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from pfmp_saas.evidence.canonical import NotCanonical, canonical, parse

SCHEMA = "pfmp/event/1"
ERASED = "erased"
"""The kind of the event that says whose salts were destroyed: its payload lists the events, by their sequence."""
BECAUSE, ON_REQUEST, RETENTION = "because", "request", "retention"
"""Why, in that payload: a person asked for it, or the document's retention ended."""
FROZEN = "frozen"
"""The kind of the event of a document that was frozen: its first, which names the document by its hash."""
SIGNED = "signed"
PAPER = "signed-on-paper"
"""The kinds of the events of a signature: given here, or on paper and vouched for by who saw it."""
FINISHED, FINISHED_SHA256 = "finished", "sha256"
"""The kind of the event of a finished file, signed by all and closed; and the hash of that file, in its payload.

The payload of the event that froze a document has the kind as a key where this event was promised.
"""
CARRIED, CARRIES, OBJECTED = "carried", "carries", "objected"
"""The kind of the event that carries a signature over from the version before; in the payload of the freeze: which acts may
be, by field; and the kind of the event of who opposes it, and is asked to sign again."""
CARRIED_FIELD, CARRIED_CAPACITY, CARRIED_VERSION, CARRIED_ACT = "field", "capacity", "version", "act"
"""In the payload of such an event: whose place, in which capacity, the hash of the version that was signed, the act's."""
OBJECTION_DAYS = 5
"""How long a signer who is told of a change may oppose that the signature given before is carried over."""
PROMISED = "promised"
REFUSED, WITHDRAWN = "refused", "withdrawn"
"""The kinds of the events that end a document unsigned: a signer refused it, or the school took it back."""
READDRESSED = "readdressed"
"""The kind of the event of a signer whose address the school corrected: it commits to the signer's row anew."""
REPLACES, REPLACED = "replaces", "replaced"
"""In the payload of the event that froze a version: the hash of the version that it corrects; of the end of that one: that it was."""
REPLACED_FILE = "sha256"
"""In the payload of the event that ends a replaced version: the hash of its file, with the signatures that it had then."""
FIRST = ""  # the previous hash of a subject's first event
SALT_BYTES = 32
_NONCE_BYTES = 16
_LEAF = b"\x00"  # RFC 6962, 2.1: what is hashed for a leaf begins with 0
_COMMITMENT = b"pfmp/commitment/1\x00"


@dataclass(frozen=True)
class Event:
    """One event of one subject's chain.

    ``tenant`` is the UAI number; ``sequence`` counts from 1; ``actor`` is a commitment in hexadecimal;
    ``capacity`` and ``authenticated`` are plain words ("head", "email-link"); ``at`` is UTC; hashes are
    SHA-256 in hexadecimal; ``payload`` holds plain JSON values and no personal data.
    """

    tenant: str
    subject: str
    sequence: int
    previous_hash: str
    kind: str
    at: datetime
    nonce: str
    actor: str | None = None
    capacity: str | None = None
    authenticated: str | None = None
    consent_hash: str | None = None
    document_hash: str | None = None
    payload: dict[str, Any] = field(default_factory=dict)


_FIELDS = {each.name for each in fields(Event)}


@dataclass(frozen=True)
class StoredEvent:
    """One row: the canonical text that ``hash`` covers, and the columns that only index it.

    ``tenant`` is the UAI number of the row's school; ``at`` is UTC.
    """

    tenant: str
    subject: str
    sequence: int
    kind: str
    at: datetime
    previous_hash: str
    hash: str
    canonical: str


def new_salt() -> bytes:
    """Return a fresh salt of 32 random bytes, one per commitment."""
    return secrets.token_bytes(SALT_BYTES)


def new_nonce() -> str:
    """Return a fresh nonce, 16 random bytes in hexadecimal."""
    return secrets.token_hex(_NONCE_BYTES)


def commit(salt: bytes, value: str) -> str:
    """Return the commitment to a value under a salt of at least 16 bytes: HMAC-SHA-256, in hexadecimal."""
    if len(salt) < 16:
        raise ValueError("un sel compte au moins 16 octets")
    return hmac.new(salt, _COMMITMENT + value.encode("utf-8"), hashlib.sha256).hexdigest()


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text as UTF-8, in hexadecimal: for the consent text that was shown."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def event_text(event: Event) -> str:
    """Return the RFC 8785 text of an event."""
    return canonical(
        {
            "schema": SCHEMA,
            "tenant": event.tenant,
            "subject": event.subject,
            "sequence": event.sequence,
            "previous_hash": event.previous_hash,
            "kind": event.kind,
            "at": utc_text(event.at),
            "nonce": event.nonce,
            "actor": event.actor,
            "capacity": event.capacity,
            "authenticated": event.authenticated,
            "consent_hash": event.consent_hash,
            "document_hash": event.document_hash,
            "payload": event.payload,
        }
    )


def text_leaf_hash(text: str) -> str:
    """Return the hash of an event's canonical text: its RFC 6962 leaf hash, in hexadecimal."""
    return hashlib.sha256(_LEAF + text.encode("utf-8")).hexdigest()


def event_hash(event: Event) -> str:
    """Return the hash of an event, in hexadecimal."""
    return text_leaf_hash(event_text(event))


def stored(event: Event) -> StoredEvent:
    """Return the row that stores an event."""
    return row_of(event, event_text(event))


def row_of(event: Event, text: str) -> StoredEvent:
    """Return the row of an event whose canonical text is known."""
    return StoredEvent(
        tenant=event.tenant,
        subject=event.subject,
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        previous_hash=event.previous_hash,
        hash=text_leaf_hash(text),
        canonical=text,
    )


def read_event(text: str) -> Event:
    """Read an event from its canonical text; raises NotCanonical when it is not one."""
    value = parse(text)
    if value.pop("schema", None) != SCHEMA:
        raise NotCanonical("le schéma de l’événement n’est pas connu")
    try:  # the text is canonical already: it is this event's if it has every field and no other
        at = datetime.fromisoformat(value["at"])
        whole = value.keys() == _FIELDS and utc_text(at) == value["at"]
    except (KeyError, TypeError, ValueError) as error:
        raise NotCanonical("l’événement n’a pas les champs attendus") from error
    if not whole:
        raise NotCanonical("l’événement n’a pas les champs attendus")
    return Event(**value | {"at": at})


def readable(text: str) -> Event | None:
    """Read an event, None from a text that is not one: for audits that stand beside the chain's, which says so."""
    try:
        return read_event(text)
    except NotCanonical:
        return None


def utc_text(moment: datetime) -> str:
    """Write an aware instant as ISO 8601 in UTC with microseconds, ending in Z; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("un instant doit porter son fuseau")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
