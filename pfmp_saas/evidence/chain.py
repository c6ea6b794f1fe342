"""Replaying one subject's chain: each way to alter a row has its own fault code."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pfmp_saas.evidence.canonical import NotCanonical
from pfmp_saas.evidence.events import FIRST, Event, StoredEvent, read_event, text_leaf_hash


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many events, and the hash of the last ("" when there is none)."""

    length: int = 0
    hash: str = FIRST

    def then(self, event: StoredEvent) -> "Head":
        """Return the head once this event is appended."""
        return Head(event.sequence, event.hash)


@dataclass(frozen=True)
class Fault:
    """One difference between evidence and what it should be.

    ``code`` is one of ``bad-hash``, ``not-canonical``, ``column-differs``, ``gap``, ``duplicate``, ``wrong-previous``,
    ``wrong-tenant``, ``wrong-subject``, ``head-missing``, ``head-differs``; of the person behind a
    commitment, ``actor-differs``, ``actor-missing``; of a paper
    signature, ``signer-differs``, ``signer-missing``, ``scan-differs``, ``scan-missing``; of the log, whose faults count from its
    first event: ``log-missing``, ``log-differs``, ``log-beyond``, ``log-node``, ``log-head``, ``checkpoint-unsigned``,
    ``checkpoint-columns``, ``checkpoint-ahead``, ``checkpoint-differs``, ``checkpoint-key``, ``checkpoint-time``.
    Of rows beside their evidence: ``row-differs``, ``row-unrecorded``, ``row-missing``, ``row-erased``; the codes of
    documents and conventions stand in docs/verify.md. ``message`` is French.
    """

    tenant: str
    subject: str
    sequence: int
    code: str
    message: str


@dataclass(frozen=True)
class _Chain:
    tenant: str
    subject: str

    def fault(self, sequence: int, code: str, message: str) -> Fault:
        return Fault(self.tenant, self.subject, sequence, code, message)


def replay(events: Iterable[StoredEvent], head: Head | None, *, tenant: str, subject: str) -> list[Fault]:
    """Check one subject's rows, whatever their order, against each other and against the recorded head.

    ``tenant`` (UAI) and ``subject`` say whose chain this is meant to be; ``head`` is the chain-heads row, or None
    when it is missing. Returns every fault, in the order of the chain; an empty list means whole.
    """
    chain = _Chain(tenant, subject)
    rows = sorted(events, key=lambda row: row.sequence)
    faults = [fault for row in rows for fault in _row_faults(chain, row)]
    faults += _link_faults(chain, rows)
    faults += _head_faults(chain, rows, head)
    return sorted(faults, key=lambda fault: fault.sequence)


def _row_faults(chain: _Chain, row: StoredEvent) -> Iterator[Fault]:
    if text_leaf_hash(row.canonical) != row.hash:
        yield chain.fault(row.sequence, "bad-hash", "l’empreinte ne correspond pas au texte de l’événement")
    if row.tenant != chain.tenant:
        yield chain.fault(row.sequence, "wrong-tenant", f"la ligne appartient à l’établissement {row.tenant}")
    if row.subject != chain.subject:
        yield chain.fault(row.sequence, "wrong-subject", f"la ligne appartient au sujet {row.subject}")
    try:
        event = read_event(row.canonical)
    except NotCanonical as error:
        yield chain.fault(row.sequence, "not-canonical", str(error))
        return
    for column in _differing(row, event):
        yield chain.fault(
            row.sequence, "column-differs", f"la colonne {column} diffère du texte de l’événement"
        )


def _differing(row: StoredEvent, event: Event) -> Iterator[str]:
    for column in ("tenant", "subject", "sequence", "kind", "at", "previous_hash"):
        if getattr(row, column) != getattr(event, column):
            yield column


def _link_faults(chain: _Chain, rows: list[StoredEvent]) -> Iterator[Fault]:
    before = Head()
    for row in rows:
        if row.sequence == before.length and before.length:
            yield chain.fault(row.sequence, "duplicate", "deux événements portent ce numéro")
        elif row.sequence != before.length + 1:
            missing = f"{before.length + 1} à {row.sequence - 1}"
            yield chain.fault(row.sequence, "gap", f"il manque les événements {missing}")
        elif row.previous_hash != before.hash:
            yield chain.fault(row.sequence, "wrong-previous", "l’événement ne suit pas celui qui le précède")
        before = before.then(row)


def _head_faults(chain: _Chain, rows: list[StoredEvent], head: Head | None) -> Iterator[Fault]:
    last = Head().then(rows[-1]) if rows else Head()
    if head is None:
        if rows:
            yield chain.fault(last.length, "head-missing", "la tête de la chaîne a disparu")
    elif head.length != last.length:
        expected = (
            f"la tête annonce {head.length} événements, le dernier trouvé porte le numéro {last.length}"
        )
        yield chain.fault(max(head.length, last.length), "head-differs", expected)
    elif head.hash != last.hash:
        yield chain.fault(
            last.length, "head-differs", "l’empreinte de la tête n’est pas celle du dernier événement"
        )
