"""Forged proof bundles: each function returns one, or the change that makes one."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pfmp_saas.documents.sealing.authority import issue_log_certificate, make_root
from pfmp_saas.evidence.bundle.make import Earlier, Place, make_bundle
from pfmp_saas.evidence.canonical import canonical
from pfmp_saas.evidence.events import read_event, stored
from pfmp_saas.evidence.verify.bundle.archive import unpack
from tests.support.attacks import Given
from tests.support.bundled import ORIGIN, leaf, log_key, make_school, note, repacked, school
from tests.support.merkle import tree_hash
from tests.support.sealed_pdf import NOW
from tests.support.tsa import Tsa

OTHER = "convention:43"


def ours() -> Given:
    return Given(school().bundle)


def with_mine() -> Given:
    """The reader holds a checkpoint that came by mail."""
    return Given(school().bundle, checkpoints=(school().checkpoint(12).encode(),))


def canonical_events():
    return [event.canonical for event in school().events]


def with_events(change):
    events = canonical_events()
    change(events)
    places = (list(school().places) + list(school().places))[: len(events)]
    return school().with_pieces(events=events, places=places)


def edited(position, **changed):
    return stored(replace(read_event(canonical_events()[position]), **changed)).canonical


def edit(events):
    events[2] = edited(2, capacity="Tuteur")


def edit_last(events):
    events[-1] = edited(len(events) - 1, authenticated="sms-code")


def delete(events):
    del events[2]


def insert(events):
    events.insert(3, edited(3, nonce="ff" * 16))


def reorder(events):
    events[2], events[3] = events[3], events[2]


def cut(events):
    events.pop()


def cut_acts(events):
    del events[-2:]


def rewritten():
    """The operator rewrites the school's whole log, with the current keys: new events, new PDF, new checkpoint."""
    return make_school().bundle


def rewritten_against(size):
    return lambda: Given(rewritten(), checkpoints=(school().checkpoint(size).encode(),))


def rolled_back():
    """A bundle made on an older state of the log than the checkpoint that the reader holds."""
    longer = (*school().leaves, leaf(school().events[0]))
    mine = note(log_key(), len(longer), tree_hash(longer))
    return Given(school().bundle, checkpoints=(mine.encode(),))


def split_view():
    leaves = (*school().leaves[:11], bytes(32))
    return Given(school().bundle, checkpoints=(note(log_key(), 12, tree_hash(leaves)).encode(),))


def other_tenant():
    origin = "pfmp.example/journal/0310001X"
    certificate = issue_log_certificate(school().world.root, log_key().public_key(), origin, NOW)
    told = note(log_key(), len(school().leaves), tree_hash(school().leaves), origin)
    return school().with_pieces(checkpoint=told, log_certificate=certificate, earlier=[])


def places(change):
    def made():
        places = list(school().places)
        change(places)
        return school().with_pieces(places=places)

    return made


def wrong_path(places):
    places[1] = Place(places[1].index, [bytes(32), *places[1].path[1:]])


def chosen_index(places):
    places[1] = Place(places[1].index + 1, places[1].path)


def longer_path(places):
    places[1] = Place(places[1].index, [*places[1].path, bytes(32)])


def empty_path(places):
    places[1] = Place(0, [])


def huge_index(places):
    places[-1] = Place(2**52, places[-1].path)


def raw_json(member, value):
    """Rewrite a proof and the list of pieces with it."""
    return lambda: relisted(repacked(school().bundle, **{member: json.dumps(value).encode()}))


def relisted(bundle: bytes) -> bytes:
    """Make the list of pieces agree with the pieces again: it is not signed, anyone can."""

    members = unpack(bundle)
    told = json.loads(members["preuve.json"])
    told["members"] = {
        key: hashlib.sha256(data).hexdigest() for key, data in members.items() if key != "preuve.json"
    }
    return repacked(bundle, preuve_json=canonical(told).encode())


def forged_consistency(path, size=12, root=None):
    old = note(log_key(), size, root or tree_hash(school().leaves[:size]))
    return lambda: school().with_pieces(earlier=[Earlier(old, path)])


def self_made_log_key():
    mine = Ed25519PrivateKey.generate()
    root = make_root("PFMP", NOW)
    told = note(mine, len(school().leaves), tree_hash(school().leaves))
    certificate = issue_log_certificate(root, mine.public_key(), ORIGIN, NOW)
    return school().with_pieces(checkpoint=told, log_certificate=certificate, earlier=[])


def edited_checkpoint():
    told = school().checkpoint().replace(f"\n{len(school().leaves)}\n", "\n9\n")
    return relisted(repacked(school().bundle, releve_txt=told.encode()))


def expired_log_key():
    """The key of a log whose certificate had ended when the checkpoint was timestamped, or has ended now."""
    long_gone = NOW - timedelta(days=366 * 30)
    return issue_log_certificate(school().world.root, log_key().public_key(), ORIGIN, long_gone)


def with_words(member, old, new):
    """Change a piece where it says nothing, and the list with it."""
    found = unpack(school().bundle)[member]
    assert old in found
    return relisted(repacked(school().bundle, **{member.replace(".", "_"): found.replace(old, new, 1)}))


def foreign_certificate():
    theirs = school().world.stranger.certificate_pem.encode()
    kept = unpack(school().bundle)["certificats.pem"]
    return relisted(repacked(school().bundle, certificats_pem=kept + theirs))


def loose_base64():
    """The last digit of the checkpoint's signature has two bits that say nothing."""
    told = school().checkpoint()
    digit = told[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = alphabet[alphabet.index(digit) + 1]
    return relisted(repacked(school().bundle, releve_txt=f"{told[:-3]}{other}=\n".encode()))


def stamp_by(tsa, at=None):
    return lambda: school().with_pieces(
        stamp=tsa().token(hashlib.sha256(school().checkpoint().encode()).digest(), at)
    )


def stamp_of_another():
    return school().with_pieces(stamp=school().tsa.token(bytes(32), NOW))


def second_stamp_of_another():
    """The second of two authorities is no place to hide a token of other bytes."""
    return school().with_pieces(second_stamp=Tsa().token(bytes(32), NOW))


def swapped_pdf():
    return repacked(school().bundle, convention_pdf=school(OTHER).pdf)


def swapped_everywhere():
    return relisted(swapped_pdf())


def swapped_events():
    return relisted(
        repacked(school().bundle, evenements_jsonl=unpack(school(OTHER).bundle)["evenements.jsonl"])
    )


def fewer_expected():
    told = json.loads(unpack(school().bundle)["preuve.json"]) | {"expected_signatures": 4}

    return repacked(school().bundle, preuve_json=canonical(told).encode())


def fewer_signatures():
    """The last signature, its event and the stated count, all taken away together."""
    cut = make_school()
    pdf = cut.pdf[: cut.pdf.rfind(b"%%EOF", 0, len(cut.pdf) - 10) + 6]
    return replace(cut.pieces, pdf=pdf, events=cut.pieces.events[:-2], places=cut.places[:-2], expected=4)


def cut_everywhere():

    return make_bundle(fewer_signatures())


def zipped(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for member, data in members:
            archive.writestr(zipfile.ZipInfo(member), data, method)
    return out.getvalue()


def traversal(path):
    return lambda: zipped([*unpack(school().bundle).items(), (path, b"x")])


def bomb():
    members = unpack(school().bundle) | {"convention.pdf": bytes(200 * 1024 * 1024)}
    return zipped(list(members.items()), zipfile.ZIP_DEFLATED)


def twice():
    members = unpack(school().bundle)
    return zipped([*members.items(), ("convention.pdf", school(OTHER).pdf)])


def hidden_between():
    """A member that the directory does not tell of, between two that it does."""
    at = school().bundle.find(b"PK\x01\x02")
    return school().bundle[:at] + b"cache" + school().bundle[at:]
