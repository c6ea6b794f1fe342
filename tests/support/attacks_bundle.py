"""The attacks on a proof bundle, as a table."""

from tests.support.attacks import Attack, Given
from tests.support.bundled import school
from tests.support.forging_bundle import (
    bomb,
    chosen_index,
    cut,
    cut_acts,
    cut_everywhere,
    delete,
    edit,
    edit_last,
    edited_checkpoint,
    empty_path,
    expired_log_key,
    fewer_expected,
    foreign_certificate,
    forged_consistency,
    hidden_between,
    huge_index,
    insert,
    longer_path,
    loose_base64,
    other_tenant,
    ours,
    places,
    raw_json,
    reorder,
    rewritten_against,
    rolled_back,
    second_stamp_of_another,
    self_made_log_key,
    split_view,
    stamp_by,
    stamp_of_another,
    swapped_events,
    swapped_everywhere,
    swapped_pdf,
    traversal,
    twice,
    with_events,
    with_mine,
    with_words,
    wrong_path,
)
from tests.support.forging_finish import finish_of, finished_twice, other_bytes_signed_alike
from tests.support.sealed_pdf import NOW
from tests.support.tsa import LONG_AGO, Tsa


def _bundle(name, how, check, reason, control=ours):
    return Attack(name, lambda: Given(how()), check, reason, control)


BROKEN_PROOF = "ne tient pas"
NOT_THE_REST = "n’est pas la suite de son relevé"

BUNDLE_ATTACKS = [
    _bundle("row edited", lambda: with_events(edit), "events", "ne suit pas celui qui le précède"),
    _bundle("last row edited", lambda: with_events(edit_last), "inclusion", BROKEN_PROOF),
    _bundle("row deleted", lambda: with_events(delete), "events", "ne se suivent pas"),
    _bundle("row inserted", lambda: with_events(insert), "events", "ne se suivent pas"),
    _bundle("rows reordered", lambda: with_events(reorder), "events", "ne se suivent pas"),
    _bundle("tail cut", lambda: with_events(cut), "finished-file", "une seule fois"),
    _bundle("acts cut", lambda: with_events(cut_acts), "acts-recorded", "ne sont pas celles du journal"),
    _bundle(
        "another file, signed alike",
        other_bytes_signed_alike,
        "finished-file",
        "pas le fichier que le journal",
    ),
    _bundle("finished twice", finished_twice, "finished-file", "une seule fois"),
    _bundle(
        "another hash finished",
        finish_of(payload=lambda _event: {"sha256": "0" * 64}),
        "finished-file",
        "pas le fichier que le journal",
    ),
    _bundle(
        "finished, and more said",
        finish_of(payload=lambda event: {**event.payload, "avis": "favorable"}),
        "finished-file",
        "n’est pas le dernier",
    ),
    _bundle(
        "finished before its last signature",
        finish_of(at=lambda _event: NOW),
        "finished-file",
        "avant sa dernière signature",
    ),
    Attack("whole tenant rewritten", rewritten_against(12), "consistency", "réécrit", with_mine),
    Attack(
        "whole tenant rewritten, same length", rewritten_against(None), "consistency", "réécrit", with_mine
    ),
    Attack("log rolled back", rolled_back, "consistency", "demandez un paquet plus récent", with_mine),
    Attack("split view", split_view, "consistency", "montré différemment à deux personnes", with_mine),
    _bundle("replay from another tenant", other_tenant, "checkpoint", "autre établissement"),
    _bundle("replay from another convention: events", swapped_events, "events", "autre|sujet|même document"),
    _bundle("replay from another convention: PDF", swapped_everywhere, "events", "même document"),
    _bundle("forged inclusion: wrong path", places(wrong_path), "inclusion", BROKEN_PROOF),
    _bundle("forged inclusion: index chosen by the prover", places(chosen_index), "inclusion", BROKEN_PROOF),
    _bundle("forged inclusion: longer path", places(longer_path), "inclusion", BROKEN_PROOF),
    _bundle("forged inclusion: empty path", places(empty_path), "inclusion", BROKEN_PROOF),
    _bundle("forged inclusion: index beyond the log", places(huge_index), "inclusion", BROKEN_PROOF),
    _bundle(
        "forged inclusion: size chosen by the prover",
        raw_json("inclusion_json", {"events": [{"index": 0, "path": [], "size": 1}] * 6, "size": 1}),
        "inclusion",
        "sous sa seule forme|n’a pas la forme|autre chose",
    ),
    _bundle("forged consistency: garbage", forged_consistency([bytes(32)] * 4), "consistency", NOT_THE_REST),
    _bundle("forged consistency: empty", forged_consistency([]), "consistency", NOT_THE_REST),
    _bundle("forged consistency: from an empty log", forged_consistency([], 0), "consistency", NOT_THE_REST),
    _bundle(
        "forged consistency: old size chosen by the prover",
        forged_consistency([], 31, bytes(32)),
        "consistency",
        NOT_THE_REST,
    ),
    _bundle("self-made key of the log", self_made_log_key, "checkpoint", "ne remonte pas à la racine"),
    _bundle(
        "expired key of the log",
        lambda: school().with_pieces(log_certificate=expired_log_key(), stamp=None),
        "checkpoint",
        "pas valable à la date",
    ),
    _bundle(
        "expired key of the log, timestamped",
        lambda: school().with_pieces(log_certificate=expired_log_key()),
        "checkpoint-timestamp",
        "pas valable à la date",
    ),
    _bundle("checkpoint written another way", loose_base64, "checkpoint", "illisible"),
    _bundle("foreign certificate listed", foreign_certificate, "certificates", "liste de certificats"),
    _bundle(
        "words between certificates",
        lambda: with_words("certificats.pem", b"-----BEGIN", b"Signature du maire\n-----BEGIN"),
        "certificates",
        "liste de certificats",
    ),
    _bundle("checkpoint edited", edited_checkpoint, "checkpoint", "ne correspond pas à son texte"),
    _bundle(
        "checkpoint timestamped by an unpinned authority", stamp_by(Tsa), "checkpoint-timestamp", "confiance"
    ),
    _bundle(
        "checkpoint timestamped before the events",
        stamp_by(lambda: school().tsa, LONG_AGO.replace(year=2021)),
        "checkpoint-timestamp",
        "antérieur à un événement",
    ),
    _bundle("timestamp of another checkpoint", stamp_of_another, "checkpoint-timestamp", "autres octets"),
    _bundle(
        "second timestamp of other bytes", second_stamp_of_another, "checkpoint-timestamp", "autres octets"
    ),
    _bundle("swapped member", swapped_pdf, "archive", "n’est pas celle de la liste"),
    _bundle("expected count lowered in the bundle", fewer_expected, "acts-recorded", "nombre de signatures"),
    _bundle(
        "signature, event and count cut together", cut_everywhere, "expected-signatures", "il manque Tuteur"
    ),
    _bundle("path traversal name", traversal("../../etc/passwd"), "archive", "nom étranger"),
    _bundle("absolute name", traversal("/tmp/x"), "archive", "nom étranger"),
    _bundle("zip bomb", bomb, "archive", "refusé sans être ouvert"),
    _bundle("one member twice", twice, "archive", "deux fois"),
    _bundle("bytes hidden between members", hidden_between, "archive", "autre chose que ses pièces"),
]
