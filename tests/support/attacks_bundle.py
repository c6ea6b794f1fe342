"""The attacks on a proof bundle, as a table."""

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
from tests.support.attacks import Attack, Given
from tests.support.bundled import NOW, ORIGIN, leaf, log_key, make_school, note, repacked, school
from tests.support.merkle import tree_hash
from tests.support.tsa import LONG_AGO, Tsa

OTHER = "convention:43"


def ours() -> Given:
    return Given(school().bundle)


def with_mine() -> Given:
    """The reader holds a checkpoint that came by mail."""
    return Given(school().bundle, checkpoints=(school().checkpoint(12).encode(),))


def _events():
    return [event.canonical for event in school().events]


def _with_events(change):
    events = _events()
    change(events)
    places = (list(school().places) + list(school().places))[: len(events)]
    return school().with_pieces(events=events, places=places)


def _edited(position, **changed):
    return stored(replace(read_event(_events()[position]), **changed)).canonical


def _edit(events):
    events[2] = _edited(2, capacity="Tuteur")


def _edit_last(events):
    events[-1] = _edited(len(events) - 1, authenticated="sms-code")


def _delete(events):
    del events[2]


def _insert(events):
    events.insert(3, _edited(3, nonce="ff" * 16))


def _reorder(events):
    events[2], events[3] = events[3], events[2]


def _cut(events):
    events.pop()


def _rewritten():
    """The operator rewrites the school's whole log, with the current keys: new events, new PDF, new checkpoint."""
    return make_school().bundle


def _rewritten_against(size):
    return lambda: Given(_rewritten(), checkpoints=(school().checkpoint(size).encode(),))


def _rolled_back():
    """A bundle made on an older state of the log than the checkpoint that the reader holds."""
    longer = (*school().leaves, leaf(school().events[0]))
    mine = note(log_key(), len(longer), tree_hash(longer))
    return Given(school().bundle, checkpoints=(mine.encode(),))


def _split_view():
    leaves = (*school().leaves[:11], bytes(32))
    return Given(school().bundle, checkpoints=(note(log_key(), 12, tree_hash(leaves)).encode(),))


def _other_tenant():
    origin = "pfmp.example/journal/0310001X"
    certificate = issue_log_certificate(school().world.root, log_key().public_key(), origin, NOW)
    told = note(log_key(), len(school().leaves), tree_hash(school().leaves), origin)
    return school().with_pieces(checkpoint=told, log_certificate=certificate, earlier=[])


def _places(change):
    def made():
        places = list(school().places)
        change(places)
        return school().with_pieces(places=places)

    return made


def _wrong_path(places):
    places[1] = Place(places[1].index, [bytes(32), *places[1].path[1:]])


def _chosen_index(places):
    places[1] = Place(places[1].index + 1, places[1].path)


def _longer_path(places):
    places[1] = Place(places[1].index, [*places[1].path, bytes(32)])


def _empty_path(places):
    places[1] = Place(0, [])


def _huge_index(places):
    places[-1] = Place(2**52, places[-1].path)


def _raw_json(member, value):
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


def _forged_consistency(path, size=12, root=None):
    old = note(log_key(), size, root or tree_hash(school().leaves[:size]))
    return lambda: school().with_pieces(earlier=[Earlier(old, path)])


def _self_made_log_key():
    mine = Ed25519PrivateKey.generate()
    root = make_root("PFMP", NOW)
    told = note(mine, len(school().leaves), tree_hash(school().leaves))
    certificate = issue_log_certificate(root, mine.public_key(), ORIGIN, NOW)
    return school().with_pieces(checkpoint=told, log_certificate=certificate, earlier=[])


def _edited_checkpoint():
    told = school().checkpoint().replace(f"\n{len(school().leaves)}\n", "\n9\n")
    return relisted(repacked(school().bundle, releve_txt=told.encode()))


def _expired_log_key():
    """The key of a log whose certificate had ended when the checkpoint was timestamped, or has ended now."""
    long_gone = NOW - timedelta(days=366 * 30)
    return issue_log_certificate(school().world.root, log_key().public_key(), ORIGIN, long_gone)


def _with_words(member, old, new):
    """Change a piece where it says nothing, and the list with it."""
    found = unpack(school().bundle)[member]
    assert old in found
    return relisted(repacked(school().bundle, **{member.replace(".", "_"): found.replace(old, new, 1)}))


def _foreign_certificate():
    theirs = school().world.stranger.certificate_pem.encode()
    kept = unpack(school().bundle)["certificats.pem"]
    return relisted(repacked(school().bundle, certificats_pem=kept + theirs))


def _loose_base64():
    """The last digit of the checkpoint's signature has two bits that say nothing."""
    told = school().checkpoint()
    digit = told[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = alphabet[alphabet.index(digit) + 1]
    return relisted(repacked(school().bundle, releve_txt=f"{told[:-3]}{other}=\n".encode()))


def _stamp_by(tsa, at=None):
    return lambda: school().with_pieces(
        stamp=tsa().token(hashlib.sha256(school().checkpoint().encode()).digest(), at)
    )


def _stamp_of_another():
    return school().with_pieces(stamp=school().tsa.token(bytes(32), NOW))


def _second_stamp_of_another():
    """The second of two authorities is no place to hide a token of other bytes."""
    return school().with_pieces(second_stamp=Tsa().token(bytes(32), NOW))


def _swapped_pdf():
    return repacked(school().bundle, convention_pdf=school(OTHER).pdf)


def _swapped_everywhere():
    return relisted(_swapped_pdf())


def _swapped_events():
    return relisted(
        repacked(school().bundle, evenements_jsonl=unpack(school(OTHER).bundle)["evenements.jsonl"])
    )


def _fewer_expected():
    told = json.loads(unpack(school().bundle)["preuve.json"]) | {"expected_signatures": 4}

    return repacked(school().bundle, preuve_json=canonical(told).encode())


def _fewer_signatures():
    """The last signature, its event and the stated count, all taken away together."""
    cut = make_school()
    pdf = cut.pdf[: cut.pdf.rfind(b"%%EOF", 0, len(cut.pdf) - 10) + 6]
    return replace(cut.pieces, pdf=pdf, events=cut.pieces.events[:-1], places=cut.places[:-1], expected=4)


def _cut_everywhere():

    return make_bundle(_fewer_signatures())


def zipped(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for member, data in members:
            archive.writestr(zipfile.ZipInfo(member), data, method)
    return out.getvalue()


def _traversal(path):
    return lambda: zipped([*unpack(school().bundle).items(), (path, b"x")])


def _bomb():
    members = unpack(school().bundle) | {"convention.pdf": bytes(200 * 1024 * 1024)}
    return zipped(list(members.items()), zipfile.ZIP_DEFLATED)


def _twice():
    members = unpack(school().bundle)
    return zipped([*members.items(), ("convention.pdf", school(OTHER).pdf)])


def _hidden_between():
    """A member that the directory does not tell of, between two that it does."""
    at = school().bundle.find(b"PK\x01\x02")
    return school().bundle[:at] + b"cache" + school().bundle[at:]


def _bundle(name, how, check, reason, control=ours):
    return Attack(name, lambda: Given(how()), check, reason, control)


BROKEN_PROOF = "ne tient pas"
NOT_THE_REST = "n’est pas la suite de son relevé"

BUNDLE_ATTACKS = [
    _bundle("row edited", lambda: _with_events(_edit), "events", "ne suit pas celui qui le précède"),
    _bundle("last row edited", lambda: _with_events(_edit_last), "inclusion", BROKEN_PROOF),
    _bundle("row deleted", lambda: _with_events(_delete), "events", "ne se suivent pas"),
    _bundle("row inserted", lambda: _with_events(_insert), "events", "ne se suivent pas"),
    _bundle("rows reordered", lambda: _with_events(_reorder), "events", "ne se suivent pas"),
    _bundle("tail cut", lambda: _with_events(_cut), "acts-recorded", "ne sont pas celles du journal"),
    Attack("whole tenant rewritten", _rewritten_against(12), "consistency", "réécrit", with_mine),
    Attack(
        "whole tenant rewritten, same length", _rewritten_against(None), "consistency", "réécrit", with_mine
    ),
    Attack("log rolled back", _rolled_back, "consistency", "demandez un paquet plus récent", with_mine),
    Attack("split view", _split_view, "consistency", "montré différemment à deux personnes", with_mine),
    _bundle("replay from another tenant", _other_tenant, "checkpoint", "autre établissement"),
    _bundle("replay from another convention: events", _swapped_events, "events", "autre|sujet|même document"),
    _bundle("replay from another convention: PDF", _swapped_everywhere, "events", "même document"),
    _bundle("forged inclusion: wrong path", _places(_wrong_path), "inclusion", BROKEN_PROOF),
    _bundle(
        "forged inclusion: index chosen by the prover", _places(_chosen_index), "inclusion", BROKEN_PROOF
    ),
    _bundle("forged inclusion: longer path", _places(_longer_path), "inclusion", BROKEN_PROOF),
    _bundle("forged inclusion: empty path", _places(_empty_path), "inclusion", BROKEN_PROOF),
    _bundle("forged inclusion: index beyond the log", _places(_huge_index), "inclusion", BROKEN_PROOF),
    _bundle(
        "forged inclusion: size chosen by the prover",
        _raw_json("inclusion_json", {"events": [{"index": 0, "path": [], "size": 1}] * 6, "size": 1}),
        "inclusion",
        BROKEN_PROOF,
    ),
    _bundle("forged consistency: garbage", _forged_consistency([bytes(32)] * 4), "consistency", NOT_THE_REST),
    _bundle("forged consistency: empty", _forged_consistency([]), "consistency", NOT_THE_REST),
    _bundle("forged consistency: from an empty log", _forged_consistency([], 0), "consistency", NOT_THE_REST),
    _bundle(
        "forged consistency: old size chosen by the prover",
        _forged_consistency([], 31, bytes(32)),
        "consistency",
        NOT_THE_REST,
    ),
    _bundle("self-made key of the log", _self_made_log_key, "checkpoint", "ne remonte pas à la racine"),
    _bundle(
        "expired key of the log",
        lambda: school().with_pieces(log_certificate=_expired_log_key(), stamp=None),
        "checkpoint",
        "pas valable à la date",
    ),
    _bundle(
        "expired key of the log, timestamped",
        lambda: school().with_pieces(log_certificate=_expired_log_key()),
        "checkpoint-timestamp",
        "pas valable à la date",
    ),
    _bundle("checkpoint written another way", _loose_base64, "checkpoint", "illisible"),
    _bundle("foreign certificate listed", _foreign_certificate, "certificates", "liste de certificats"),
    _bundle(
        "words between certificates",
        lambda: _with_words("certificats.pem", b"-----BEGIN", b"Signature du maire\n-----BEGIN"),
        "certificates",
        "liste de certificats",
    ),
    _bundle("checkpoint edited", _edited_checkpoint, "checkpoint", "ne correspond pas à son texte"),
    _bundle(
        "checkpoint timestamped by an unpinned authority", _stamp_by(Tsa), "checkpoint-timestamp", "confiance"
    ),
    _bundle(
        "checkpoint timestamped before the events",
        _stamp_by(lambda: school().tsa, LONG_AGO.replace(year=2021)),
        "checkpoint-timestamp",
        "antérieur à un événement",
    ),
    _bundle("timestamp of another checkpoint", _stamp_of_another, "checkpoint-timestamp", "autres octets"),
    _bundle(
        "second timestamp of other bytes", _second_stamp_of_another, "checkpoint-timestamp", "autres octets"
    ),
    _bundle("swapped member", _swapped_pdf, "archive", "n’est pas celle de la liste"),
    _bundle("expected count lowered in the bundle", _fewer_expected, "acts-recorded", "nombre de signatures"),
    _bundle(
        "signature, event and count cut together", _cut_everywhere, "expected-signatures", "il manque Tuteur"
    ),
    _bundle("path traversal name", _traversal("../../etc/passwd"), "archive", "nom étranger"),
    _bundle("absolute name", _traversal("/tmp/x"), "archive", "nom étranger"),
    _bundle("zip bomb", _bomb, "archive", "refusé sans être ouvert"),
    _bundle("one member twice", _twice, "archive", "deux fois"),
    _bundle("bytes hidden between members", _hidden_between, "archive", "autre chose que ses pièces"),
]
