"""The checks of a bundle against its school's log: the checkpoint, the events' places in it, what outsiders hold."""

from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import NameOID

from pfmp_saas.evidence.merkle import verify_consistency, verify_inclusion
from pfmp_saas.evidence.verify.archive import (
    CHECKPOINT,
    CHECKPOINT_STAMP,
    CONSISTENCY,
    INCLUSION,
    SECOND_STAMP,
)
from pfmp_saas.evidence.verify.bundled import BundleCase
from pfmp_saas.evidence.verify.checkpoint import SignedHead, check_note, names_key, read_head
from pfmp_saas.evidence.verify.cosignature import own_note
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.timestamp import UnknownAuthority, check_stamp, imprint_of
from pfmp_saas.evidence.verify.trust import check_log_key, named

_LONGEST_PROOF = 64


def checkpoint_signed(case: BundleCase) -> str:
    """The checkpoint is of this school's log, signed by a key that the trusted root vouches for."""
    head = _head(case)
    if CHECKPOINT_STAMP not in case.members:
        _check_alive(case, case.held.now)
    return f"relevé du journal de l’établissement {head.tenant} : {head.size} événements"


def _check_alive(case: BundleCase, at: datetime) -> None:
    """Check that the log's key was one at a time (UTC): when the checkpoint was stamped, or now; raises Wrong."""
    note = case.members[CHECKPOINT]
    certificate, _ = _log_certificate(case, read_head(note).origin, note)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Wrong("la clé du journal n’était pas valable à la date du relevé")


def _head(case: BundleCase) -> SignedHead:
    return _checked(case, case.members[CHECKPOINT])


def _checked(case: BundleCase, note: bytes) -> SignedHead:
    origin = read_head(note).origin
    if origin.rpartition("/")[2] != case.document.document.statement.tenant:
        raise Wrong("le relevé est celui du journal d’un autre établissement")
    return check_note(note, _log_certificate(case, origin, note)[1])


def _log_certificate(case: BundleCase, origin: str, note: bytes) -> tuple[x509.Certificate, Ed25519PublicKey]:
    """Return the certificate and key, of those that the root says were this log's, that the note names; raises Wrong."""
    found = []
    for certificate in case.certificates:
        key = certificate.public_key()
        if isinstance(key, Ed25519PublicKey) and named(certificate, NameOID.COMMON_NAME) == origin:
            check_log_key(certificate, case.document.roots)
            found.append((certificate, key))
    if not found:
        raise Wrong("le paquet ne porte pas le certificat de la clé du journal")
    return next((each for each in found if names_key(note, each[1])), found[0])


def events_included(case: BundleCase) -> str:
    """Each event is in the log that the checkpoint covers, at its own place."""
    head = _head(case)
    places: list[Any] = case.json(INCLUSION)["events"]
    if len(places) != len(case.rows):
        raise Wrong("il n’y a pas une preuve d’inclusion pour chaque événement")
    last = -1
    for row, place in zip(case.rows, places, strict=True):
        index = _whole_number(place["index"])
        path = _hashes_of(place["path"])
        if index <= last or not verify_inclusion(bytes.fromhex(row.hash), index, head.size, path, head.root):
            raise Wrong(f"la preuve que l’événement {row.sequence} est dans le journal ne tient pas")
        last = index
    return f"{len(places)} événements à leur place dans le journal de {head.size}"


def outside_checkpoints(case: BundleCase) -> str:
    """The log only grew: every earlier checkpoint is a beginning of it, those that the reader holds among them."""
    head = _head(case)
    earlier = {head.size: head.root}
    for each in case.json(CONSISTENCY)["checkpoints"]:
        old = _checked(case, each["note"].encode())
        proof = _hashes_of(each["path"])
        if old.origin != head.origin or not verify_consistency(
            old.size, old.root, head.size, head.root, proof
        ):
            raise Wrong(f"le journal n’est pas la suite de son relevé à {old.size} événements")
        earlier[old.size] = old.root
    for note in case.held.checkpoints:
        _check_held(_checked(case, note), earlier, head)
    held = len(case.held.checkpoints)
    known = f"{len(earlier) - 1} relevés antérieurs"
    return f"{known}, tous un début de ce journal" + (f", et {held} que vous tenez" if held else "")


def _check_held(mine: SignedHead, earlier: dict[int, bytes], head: SignedHead) -> None:
    """Compare a checkpoint that came by another way: same size, same root, or the log has two faces."""
    if mine.size not in earlier:
        raise Wrong(
            f"le relevé que vous tenez compte {mine.size} événements : le paquet (journal de {head.size}) "
            "ne prouve rien sur lui, demandez un paquet plus récent"
        )
    if earlier[mine.size] != mine.root:
        raise Wrong(
            f"à {mine.size} événements, le journal du paquet n’est pas celui du relevé que vous tenez : "
            "il a été réécrit, ou montré différemment à deux personnes"
        )


def checkpoint_stamped(case: BundleCase) -> str:
    """The checkpoint carries an authority's time, not earlier than the events it covers, if it was timestamped.

    Of two authorities the reader may trust one alone: the other's timestamp must be whole all the same.
    """
    tokens = [case.members[name] for name in (CHECKPOINT_STAMP, SECOND_STAMP) if name in case.members]
    if not tokens:
        return "relevé sans horodatage d’une autorité : sa date n’est établie que par qui le tient"
    digest = imprint_of(own_note(case.members[CHECKPOINT]))
    told, refused = [], list[UnknownAuthority]()
    for token in tokens:
        try:
            stamp = check_stamp(token, digest, case.document.anchors, case.held.now)
        except UnknownAuthority as error:
            refused.append(error)
            continue
        if case.events and stamp.at < max(event.at for event in case.events).replace(microsecond=0):
            raise Wrong("l’horodatage du relevé est antérieur à un événement qu’il couvre")
        _check_alive(case, stamp.at)
        told.append(f"le {stamp.at.strftime('%d/%m/%Y à %H:%M:%S UTC')} par {stamp.authority}")
    if not told:
        raise refused[0]
    return f"relevé horodaté {' et '.join(told)}" + (
        " ; un autre horodatage n’est pas jugé" if refused else ""
    )


def _whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong("une preuve du journal est illisible")
    return value


def _hashes_of(values: Any) -> list[bytes]:
    if not isinstance(values, list) or len(values) > _LONGEST_PROOF:
        raise Wrong("une preuve du journal est illisible")
    return [bytes.fromhex(value) for value in values]
