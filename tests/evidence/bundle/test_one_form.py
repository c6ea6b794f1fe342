"""A bundle has one form: whatever anyone can change in it without a key is refused."""

import json

import pytest

from pfmp_saas.evidence.canonical import canonical
from pfmp_saas.evidence.verify.bundle.archive import unpack
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from tests.support.bundled import repacked, school
from tests.support.forging_bundle import relisted
from tests.support.sealed_pdf import LATER, world

_CERTIFICATE_END = b"-----END CERTIFICATE-----\n"


def _judged(bundle):
    found = school()
    held = ReaderInput(LATER, trust=tuple(world().trust), authorities=(found.tsa.root_pem,))
    return judge_file(bundle, held)


def _piece(member, change):
    found = unpack(school().bundle)[member]
    changed = change(found)
    assert changed != found
    return relisted(repacked(school().bundle, **{member.replace(".", "_"): changed}))


def _json(change):
    def changed(found):
        value = json.loads(found)
        change(value)
        return canonical(value).encode()

    return changed


def _certificates(change):
    def changed(found):
        each = [part + _CERTIFICATE_END for part in found.split(_CERTIFICATE_END)[:-1]]
        return b"".join(change(each))

    return changed


def _spelled(old, new):
    return lambda found: found.replace(old, new, 1)


def _witnessed(count):
    lines = "".join(f"— temoin.example/{rank} {'A' * 40}\n" for rank in range(count))
    return lambda found: found + lines.encode()


FORMS = {
    "words in a proof of inclusion": ("inclusion.json", _json(lambda v: v.update(note="lu"))),
    "a word beside a place": ("inclusion.json", _json(lambda v: v["events"][0].update(note="lu"))),
    "three million blanks in a proof": ("inclusion.json", lambda found: found + b" " * 3_000_000),
    "a proof spelled with blanks": ("inclusion.json", _spelled(b'{"events":[', b'{"events": [')),
    "a proof with capital digits": ("inclusion.json", lambda found: found[:40] + found[40:].replace(b"a", b"A", 1)),
    "a number spelled as a fraction": ("inclusion.json", _spelled(b'{"index":7', b'{"index":7.0')),
    "a key twice": ("inclusion.json", _spelled(b'{"events":', b'{"events":[],"events":')),
    "words in a proof of consistency": ("coherence.json", _json(lambda v: v.update(note="lu"))),
    "a word beside an earlier checkpoint": ("coherence.json", _json(lambda v: v["checkpoints"][0].update(vu="oui"))),
    "earlier checkpoints turned round": ("coherence.json", _json(lambda v: v["checkpoints"].reverse())),
    "an earlier checkpoint twice": ("coherence.json", _json(lambda v: v["checkpoints"].append(v["checkpoints"][0]))),
    "a mark before a proof": ("coherence.json", lambda found: b"\xef\xbb\xbf" + found),
    "a certificate twice": ("certificats.pem", _certificates(lambda each: [*each, each[-1]])),
    "a signer's certificate twice": ("certificats.pem", _certificates(lambda each: [each[0], *each])),
    "certificates in another order": ("certificats.pem", _certificates(lambda each: [each[1], each[0], *each[2:]])),
    "certificates turned round": ("certificats.pem", _certificates(lambda each: each[::-1])),
    "a certificate less": ("certificats.pem", _certificates(lambda each: each[1:])),
    "another certificate": (
        "certificats.pem", _certificates(lambda each: [*each, world().stranger.certificate_pem.encode()])
    ),
    "blanks among certificates": ("certificats.pem", lambda found: found + b"\n"),
    "a hundred invented witnesses": ("releve.txt", _witnessed(100)),
    "events without their last line's end": ("evenements.jsonl", lambda found: found[:-1]),
    "events ended as Windows does": ("evenements.jsonl", _spelled(b"\n", b"\r\n")),
}  # fmt: skip


def test_an_honest_bundle_passes_and_says_what_is_not_judged():
    report = _judged(school().bundle)
    assert report.ok, report.failed()
    told = next(check.reason for check in report.checks if check.name == "archive")
    assert "LISEZMOI.html et verifier.py ne prouvent rien et ne sont pas jugés" in told


@pytest.mark.attack
@pytest.mark.parametrize("form", FORMS)
def test_another_form_of_a_piece_is_refused(form):
    assert not _judged(_piece(*FORMS[form])).ok


@pytest.mark.parametrize("change", [
    {"note": "lu"}, {"expected_signatures": "5"}, {"expected_signatures": 5.0}, {"schema": "pfmp/bundle/2"},
])  # fmt: skip
def test_the_list_of_pieces_has_its_own_keys_only(change):
    value = json.loads(unpack(school().bundle)["preuve.json"]) | change
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert not _judged(repacked(school().bundle, preuve_json=text.encode())).ok


@pytest.mark.parametrize("member", ["LISEZMOI.html", "verifier.py"])
def test_a_piece_that_proves_nothing_is_in_the_list_all_the_same(member):
    found = unpack(school().bundle)[member]
    changed = repacked(school().bundle, **{member.replace(".", "_"): found + b" "})
    assert _judged(changed).failed() == ("archive",)


def test_lines_of_others_are_told_as_not_judged():
    report = _judged(_piece("releve.txt", _witnessed(2)))
    told = next(check.reason for check in report.checks if check.name == "witnesses")
    assert "2 lignes d’autres signataires, non jugées" in told
