"""The checks of a bundle's events: one whole chain, about this document, with an event for each signature."""

import hashlib
from collections import Counter
from datetime import date, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from pfmp_saas.documents.sealing.cms import der
from pfmp_saas.documents.sealing.names import EVENT_REASON, carried_reason, paper_reason
from pfmp_saas.evidence.chain import Head, replay
from pfmp_saas.evidence.events import (
    BECAUSE,
    CARRIED,
    CARRIED_ACT,
    CARRIED_CAPACITY,
    CARRIED_VERSION,
    ERASED,
    FINISHED,
    FINISHED_SHA256,
    FROZEN,
    ON_REQUEST,
    PAPER,
    PROMISED,
    RETENTION,
    SIGNED,
    Event,
)
from pfmp_saas.evidence.verify.bundle.archive import CERTIFICATES, FINAL_PDF
from pfmp_saas.evidence.verify.bundle.contents import Bundle
from pfmp_saas.evidence.verify.file.acts import drawn_lines
from pfmp_saas.evidence.verify.file.carried import carried_seen
from pfmp_saas.evidence.verify.file.document import Signature, entry_of
from pfmp_saas.evidence.verify.file.paper import paper_seen
from pfmp_saas.evidence.verify.report import CarriedSeen, PaperSeen, Wrong

_EVENT_SKEW = timedelta(seconds=2)  # the file keeps whole seconds, the event microseconds
_WHY = {ON_REQUEST: "(sur demande)", RETENTION: "(au terme de la conservation)"}
_UNDOING = {"refused": "un refus", "withdrawn": "un retrait"}


def events_chained(bundle: Bundle) -> str:
    """Check that the events are one chain from its first, of the subject and school that the certified PDF names."""
    statement = bundle.file.document.statement
    if (bundle.manifest.tenant, bundle.manifest.subject) != (statement.tenant, statement.subject):
        raise Wrong("le paquet et le PDF ne parlent pas du même document")
    rows = bundle.rows
    if not rows or [row.sequence for row in rows] != list(range(1, len(rows) + 1)):
        raise Wrong("les événements ne se suivent pas depuis le premier")
    for fault in replay(rows, Head().then(rows[-1]), tenant=statement.tenant, subject=statement.subject):
        raise Wrong(f"événement {fault.sequence} : {fault.message}")
    return f"{len(rows)} événements enchaînés, du premier au dernier{_erased(bundle)}"


def _erased(bundle: Bundle) -> str:
    """Return on which days people's salts were destroyed: their names can't be read any more, and nothing else changes."""
    days = {
        f"le {event.at.strftime('%d/%m/%Y')} {_WHY.get(str(event.payload.get(BECAUSE)), '')}".rstrip()
        for event in bundle.events
        if event.kind == ERASED
    }
    return f" ; personnes effacées {', '.join(sorted(days))}" if days else ""


def acts_recorded(bundle: Bundle) -> str:
    """Check that each signature of the PDF has its event, made before it, over the same document, and that no event lacks its signature."""
    document = bundle.file.document
    about = [event for event in bundle.events if event.document_hash == bundle.pdf_report.frozen_hash]
    frozen = [event for event in about if event.kind == FROZEN]
    stated = frozen[0].payload.get("expected_signatures") if len(frozen) == 1 else None
    if {stated, str(bundle.manifest.expected)} != {str(len(document.statement.expected))}:
        raise Wrong("le nombre de signatures attendues n’est pas le même dans le PDF et dans les événements")
    for event in about:
        if event.kind in _UNDOING:
            raise Wrong(f"le journal porte {_UNDOING[event.kind]} de ce document")
    given = [event for event in about if event.kind in {SIGNED, PAPER, CARRIED}]
    signed = {str(event.payload.get("field")): event for event in given}
    fields = Counter(str(event.payload.get("field")) for event in given)
    if fields != Counter(act.field for act in document.acts):
        raise Wrong("les signatures du PDF ne sont pas celles du journal")
    for act in document.acts:
        _check_recorded(bundle, act, signed[act.field])
    return f"{len(signed)} signatures, chacune avec son événement sur le document figé{_by_what(given)}"


_MEANS = {
    "email-link": "par le lien reçu",
    "email-link+email-code": "par le lien et un code envoyés à l’adresse",
    "email-link+account": "par le lien, sous son compte",
    "account": "sous son compte",
}


def _by_what(given: list[Event]) -> str:
    """Return by what means those who signed here were known, and how many by each."""
    counted = Counter(_MEANS.get(str(each.authenticated), "") for each in given if each.kind == SIGNED)
    told = [f"{number} {means}" for means, number in counted.items() if means]
    return f" ; {', '.join(told)}" if told else ""


def file_finished(bundle: Bundle) -> str:
    """Check that the log saw this very file finished, once, after all of its signatures; an older document promised no such event."""
    about = [event for event in bundle.events if event.document_hash == bundle.pdf_report.frozen_hash]
    finished = [event for event in about if event.kind == FINISHED]
    if not finished and not any(event.payload.get(FINISHED) == PROMISED for event in about):
        return "document figé avant que le service n’inscrive les fichiers finis au journal : non jugé"
    if len(finished) != 1:
        raise Wrong("le journal ne dit pas une seule fois quel fichier est fini")
    [event] = finished
    if about[-1] is not event or set(event.payload) != {FINISHED_SHA256}:
        raise Wrong("l’événement du fichier fini n’est pas le dernier du document")
    if event.payload[FINISHED_SHA256] != hashlib.sha256(bundle.members[FINAL_PDF]).hexdigest():
        raise Wrong("le PDF n’est pas le fichier que le journal a vu finir")
    if any(act.at is None or act.at > event.at + _EVENT_SKEW for act in bundle.file.document.acts):
        raise Wrong("le fichier est dit fini avant sa dernière signature")
    return f"le journal a vu finir ce fichier même, {event.at:%d/%m/%Y à %H:%M:%S} UTC"


def _check_recorded(bundle: Bundle, act: Signature, event: Event) -> None:
    row, seen = bundle.rows[event.sequence - 1], _stood_for(bundle, act)
    if event.kind != _EVENT_KINDS[type(seen)]:
        raise Wrong(
            f"l’événement de « {act.label} » ne dit pas comme le PDF si la signature est sur papier, ou reportée"
        )
    capacity = event.payload.get(CARRIED_CAPACITY) if seen else event.capacity
    if capacity != bundle.file.document.statement.expected[act.field]:
        raise Wrong(f"l’événement de « {act.label} » porte une autre qualité")
    if str(entry_of(act.value, "/Reason", "")) != _reason(row.hash, event, seen):
        raise Wrong(f"la signature de « {act.label} » ne désigne pas son événement")
    _check_drawn(bundle, act, event)
    at = bundle.file.at(act)
    if at is None or at < event.at - _EVENT_SKEW:
        raise Wrong(f"la signature de « {act.label} » est datée d’avant son événement")


_EVENT_KINDS = {type(None): SIGNED, PaperSeen: PAPER, CarriedSeen: CARRIED}


def _stood_for(bundle: Bundle, act: Signature) -> PaperSeen | CarriedSeen | None:
    return paper_seen(bundle.file, act) or carried_seen(bundle.file, act)


def _check_drawn(bundle: Bundle, act: Signature, event: Event) -> None:
    """Check that the hour drawn in the field is the event's, in the school's zone, and the office that of who saw a paper."""
    lines = drawn_lines(bundle.file, act)
    when = event.at.astimezone(bundle.file.document.statement.zone).strftime("%d/%m/%Y à %H:%M")
    if not any(f"le {when}" in line for line in lines[2:]):
        raise Wrong(f"l’heure dessinée pour « {act.label} » n’est pas celle de son événement")
    if event.kind == PAPER and not lines[2].endswith(f" ({event.capacity})"):
        raise Wrong(f"la fonction dessinée pour « {act.label} » n’est pas celle de son événement")


def _reason(event_hash: str, event: Event, seen: PaperSeen | CarriedSeen | None) -> str:
    """Return what the seal of an event must give as its reason: the day, a paper's scan, a carried act are the event's."""
    if seen is None:
        return EVENT_REASON + event_hash
    stated = event.payload
    day = date.fromisoformat(str(stated["signed_on"])).strftime("%d/%m/%Y")
    if isinstance(seen, PaperSeen):
        return paper_reason(event_hash, day, seen.signer, str(stated["scan_sha256"]))
    return carried_reason(
        event_hash, day, seen.signer, str(stated[CARRIED_VERSION]), str(stated[CARRIED_ACT])
    )


def certificates_listed(bundle: Bundle) -> str:
    """Check that the list holds the certificates of the PDF's signatures, those of the log's keys, and nothing else.

    It is for who has no tool to take the first out of the PDF.
    """
    paths = [signed.path for signed in bundle.file.signed.values()]
    used = list(dict.fromkeys(der(path[rank]) for rank in range(3) for path in paths))
    listed = [der(certificate) for certificate in bundle.certificates]
    logs = bundle.certificates[len(used) :]
    plain = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in bundle.certificates)
    if listed[: len(used)] != used or plain != bundle.members[CERTIFICATES]:
        raise Wrong("la liste de certificats n’est pas celle des signatures du PDF, dans leur ordre")
    if not logs or [der(each) for each in logs[1:]] != sorted({der(each) for each in logs} - {der(logs[0])}):
        raise Wrong("les certificats du journal sont répétés, ou dans un autre ordre")
    if not all(isinstance(each.public_key(), Ed25519PublicKey) for each in logs):
        raise Wrong("la liste de certificats en porte un qui n’est ni d’une signature, ni du journal")
    return f"{len(listed)} certificats : ceux des signatures, puis ceux du journal"
