"""The attacks on what a timestamp's own signature does not cover, as a table; and an authority that adds such things."""

from datetime import timedelta

from asn1crypto import x509 as asn1
from asn1crypto.cms import CMSAttribute, ContentInfo, RevocationInfoChoice
from cryptography.hazmat.primitives.serialization import Encoding

from pfmp_saas.documents.sealing.authority import revocation_list
from tests.support.attacks import Attack, Given
from tests.support.bundled import school
from tests.support.forging_bundle import ours
from tests.support.forging_pdf import with_stamps
from tests.support.sealed_pdf import NOW, closed, stamped, world
from tests.support.tsa import Tsa

TEN_MINUTES = timedelta(minutes=10)
OTHER = "autre chose que ce que son autorité"
UNVOUCHED = "certificat altéré, ou sans rapport"


def with_attribute(token: bytes) -> bytes:
    """Add an unsigned attribute."""
    info = ContentInfo.load(token)
    extra = CMSAttribute({"type": "content_type", "values": ["data"]})
    info["content"]["signer_infos"][0]["unsigned_attrs"] = [extra]
    return info.dump()


def with_list(token: bytes) -> bytes:
    """Add a revocation list."""
    info = ContentInfo.load(token)
    der = revocation_list(world().authority, NOW).public_bytes(Encoding.DER)
    info["content"]["crls"] = [RevocationInfoChoice.load(der)]
    return info.dump()


def with_certificate(token: bytes) -> bytes:
    """Add a certificate of which nothing there can tell who signed it."""
    info = ContentInfo.load(token)
    theirs = asn1.Certificate.load(Tsa().certificate.public_bytes(Encoding.DER))
    info["content"]["certificates"] = [*info["content"]["certificates"], theirs]
    return info.dump()


def with_other_signer_named(token: bytes) -> bytes:
    """Say that another certificate's key signed."""
    info = ContentInfo.load(token)
    signer = info["content"]["signer_infos"][0]
    signer["sid"] = {
        "issuer_and_serial_number": {"issuer": signer["sid"].chosen["issuer"], "serial_number": 1}
    }
    return info.dump()


def with_other_digest(token: bytes) -> bytes:
    """Name another digest for the content."""
    info = ContentInfo.load(token)
    info["content"]["digest_algorithms"] = [{"algorithm": "sha512"}]
    return info.dump()


CHANGES = (
    ("an unsigned attribute", with_attribute, OTHER),
    ("a revocation list", with_list, OTHER),
    ("a foreign certificate", with_certificate, UNVOUCHED),
    ("another signer named", with_other_signer_named, OTHER),
    ("another digest named", with_other_digest, OTHER),
)


def _closing(change):
    """Close a file with a changed token: nothing comes after it, so no other signature covers the change."""
    return closed(
        world(), stamped().steps[5], lambda digest: change(stamped().tsa.token(digest, NOW + TEN_MINUTES))
    )


def _checkpoint(change):
    return school().with_pieces(stamp=change(school().pieces.stamp))


def _both(name, change, reason):
    check = "closing" if reason == UNVOUCHED else "signatures-intact"
    yield Attack(
        f"{name} in the closing timestamp", lambda: Given(_closing(change)), check, reason, with_stamps
    )
    yield Attack(
        f"{name} in the checkpoint’s timestamp",
        lambda: Given(_checkpoint(change)),
        "checkpoint-timestamp",
        reason,
        ours,
    )


STAMP_ATTACKS = [attack for change in CHANGES for attack in _both(*change)]
