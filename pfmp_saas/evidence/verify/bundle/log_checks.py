"""The checks of a bundle against its school's log: the checkpoint, the events' places in it, checkpoints from outside."""

from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import NameOID

from pfmp_saas.evidence.merkle import verify_consistency, verify_inclusion
from pfmp_saas.evidence.verify.bundle.archive import (
    CHECKPOINT,
    CHECKPOINT_STAMP,
    CONSISTENCY,
    INCLUSION,
    SECOND_STAMP,
)
from pfmp_saas.evidence.verify.bundle.contents import Bundle
from pfmp_saas.evidence.verify.log.checkpoint import (
    SignedHead,
    check_note,
    names_key,
    own_note,
    parts_of,
    read_head,
)
from pfmp_saas.evidence.verify.log.cosignature import cosigned_at, read_witnesses
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.time.authority import UnknownAuthority
from pfmp_saas.evidence.verify.time.timestamp import check_stamp, imprint_of
from pfmp_saas.evidence.verify.trust import check_log_key, named

_LONGEST_PROOF = 64
_MOST_WITNESSES = 16
_AHEAD = timedelta(minutes=5)


def checkpoint_signed(bundle: Bundle) -> str:
    """Check that the checkpoint is of this school's log, signed by a key that the trusted root certified."""
    head = _head(bundle)
    for certificate in bundle.certificates:
        if isinstance(certificate.public_key(), Ed25519PublicKey):
            if named(certificate, NameOID.COMMON_NAME) != head.origin:
                raise Wrong("la liste porte le certificat de la clé d’un autre journal")
            check_log_key(certificate, bundle.file.roots)
    if CHECKPOINT_STAMP not in bundle.members:
        _check_alive(bundle, bundle.given.now)
    return f"relevé du journal de l’établissement {head.tenant} : {head.size} événements"


def _check_alive(bundle: Bundle, at: datetime) -> None:
    """Check that the log's key was valid at a time (UTC): when the checkpoint was stamped, or now; raises Wrong."""
    note = bundle.members[CHECKPOINT]
    certificate, _ = _log_certificate(bundle, read_head(note).origin, note)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Wrong("la clé du journal n’était pas valable à la date du relevé")


def _head(bundle: Bundle) -> SignedHead:
    return _checked(bundle, bundle.members[CHECKPOINT])


def _checked(bundle: Bundle, note: bytes) -> SignedHead:
    origin = read_head(note).origin
    if origin.rpartition("/")[2] != bundle.file.document.statement.tenant:
        raise Wrong("le relevé est celui du journal d’un autre établissement")
    return check_note(note, _log_certificate(bundle, origin, note)[1])


def _log_certificate(bundle: Bundle, origin: str, note: bytes) -> tuple[x509.Certificate, Ed25519PublicKey]:
    """Return the certificate and key that the note names, among those of this log that a root certified; raises Wrong."""
    candidates = []
    for certificate in bundle.certificates:
        key = certificate.public_key()
        if isinstance(key, Ed25519PublicKey) and named(certificate, NameOID.COMMON_NAME) == origin:
            check_log_key(certificate, bundle.file.roots)
            candidates.append((certificate, key))
    if not candidates:
        raise Wrong("le paquet ne porte pas le certificat de la clé du journal")
    return next((candidate for candidate in candidates if names_key(note, candidate[1])), candidates[0])


def events_included(bundle: Bundle) -> str:
    """Check that each event is in the log that the checkpoint covers, at its own place."""
    head = _head(bundle)
    places = bundle.listed(INCLUSION, "events", frozenset(("index", "path")))
    if len(places) != len(bundle.rows):
        raise Wrong("il n’y a pas une preuve d’inclusion pour chaque événement")
    last = -1
    for row, place in zip(bundle.rows, places, strict=True):
        index = _whole_number(place["index"])
        path = _hashes_of(place["path"])
        if index <= last or not verify_inclusion(bytes.fromhex(row.hash), index, head.size, path, head.root):
            raise Wrong(f"la preuve que l’événement {row.sequence} est dans le journal ne tient pas")
        last = index
    return f"{len(places)} événements à leur place dans le journal de {head.size}"


def log_only_grew(bundle: Bundle) -> str:
    """Check that the log only grew: every earlier checkpoint is a beginning of it, those that the reader holds among them."""
    head = _head(bundle)
    earlier = {head.size: head.root}
    last = -1
    for checkpoint in bundle.listed(CONSISTENCY, "checkpoints", frozenset(("note", "path"))):
        old = _checked(bundle, str(checkpoint["note"]).encode())
        if old.size <= last:
            raise Wrong("les relevés antérieurs ne sont pas rangés du plus ancien au plus récent")
        last = old.size
        proof = _hashes_of(checkpoint["path"])
        if old.origin != head.origin or not verify_consistency(
            old.size, old.root, head.size, head.root, proof
        ):
            raise Wrong(f"le journal n’est pas la suite de son relevé à {old.size} événements")
        earlier[old.size] = old.root
    for note in bundle.given.checkpoints:
        _check_held(_checked(bundle, note), earlier, head)
    held = len(bundle.given.checkpoints)
    known = f"{len(earlier) - 1} relevés antérieurs"
    return f"{known}, tous un début de ce journal" + (f", et {held} que vous tenez" if held else "")


def _check_held(mine: SignedHead, earlier: dict[int, bytes], head: SignedHead) -> None:
    """Compare a checkpoint that the reader holds: at the same size it must have the same root, or the log was rewritten."""
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


def checkpoint_stamped(bundle: Bundle) -> str:
    """Check the checkpoint's timestamps, if it has any: none may be earlier than an event that it covers.

    Of two authorities the reader may trust one alone: the other's timestamp must be whole all the same.
    """
    tokens = [bundle.members[name] for name in (CHECKPOINT_STAMP, SECOND_STAMP) if name in bundle.members]
    if not tokens:
        return "relevé sans horodatage d’une autorité : sa date n’est établie que par qui le tient"
    digest = imprint_of(own_note(bundle.members[CHECKPOINT]))
    times, refused = [], list[UnknownAuthority]()
    for token in tokens:
        try:
            stamp = check_stamp(token, digest, bundle.file.anchors, bundle.given.now)
        except UnknownAuthority as error:
            refused.append(error)
            continue
        if bundle.events and stamp.at < max(event.at for event in bundle.events).replace(microsecond=0):
            raise Wrong("l’horodatage du relevé est antérieur à un événement qu’il couvre")
        _check_alive(bundle, stamp.at)
        times.append(f"le {stamp.at.strftime('%d/%m/%Y à %H:%M:%S UTC')} par {stamp.authority}")
    if not times:
        raise refused[0]
    return f"relevé horodaté {' et '.join(times)}" + (
        " ; un autre horodatage n’est pas jugé" if refused else ""
    )


def witnesses_agree(bundle: Bundle) -> str:
    """Check that each witness whom the reader knows cosigned the checkpoint, at a time that is not in the future."""
    note = bundle.members[CHECKPOINT]
    others = len(parts_of(note)[1]) - len(parts_of(own_note(note))[1])
    known = [witness for text in bundle.given.witnesses for witness in read_witnesses(text)]
    if others > _MOST_WITNESSES:
        raise Wrong(f"le relevé porte {others} lignes d’autres signataires : {_MOST_WITNESSES} au plus")
    if not known:
        counted = (
            "aucune cosignature"
            if not others
            else f"{others} ligne{'s' if others > 1 else ''} d’autres signataires, non jugée{'s' if others > 1 else ''}"
        )
        return f"{counted} ; aucune clé de témoin fournie (--witness)"
    cosigned = []
    for witness in known:
        at = cosigned_at(note, witness)
        if at > bundle.given.now + _AHEAD:
            raise Wrong(f"la cosignature du témoin {witness.name} est datée de l’avenir")
        cosigned.append(f"{witness.name} le {at.strftime('%d/%m/%Y à %H:%M:%S UTC')}")
    unjudged = others - len(cosigned)
    more = f" ; {unjudged} autre(s) ligne(s) non jugée(s)" if unjudged > 0 else ""
    return f"relevé cosigné par {', '.join(cosigned)}{more}"


def _whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong("une preuve du journal est illisible")
    return value


def _hashes_of(values: Any) -> list[bytes]:
    if not isinstance(values, list) or len(values) > _LONGEST_PROOF:
        raise Wrong("une preuve du journal est illisible")
    hashes = [bytes.fromhex(str(value)) for value in values]
    if [each.hex() for each in hashes] != values:
        raise Wrong("une preuve du journal n’est pas écrite comme le service l’écrit")
    return hashes
