"""What proves a paper signature: the PDF, the bundle, the standalone verifier and the public page all name it for what it is."""

import hashlib
import io
import json
import subprocess
import sys

import pytest

from pfmp_saas.accounts import queries as people
from pfmp_saas.core.roles import Role
from pfmp_saas.documents.sealing.authority import SignerIdentity, issue_signer
from pfmp_saas.documents.sealing.drawn import PaperAppearance
from pfmp_saas.documents.sealing.names import VOUCHED, paper_reason
from pfmp_saas.documents.sealing.sign import sign_field
from pfmp_saas.evidence.bundle.standalone import standalone
from pfmp_saas.evidence.verify.bundle.archive import MANIFEST, pack, unpack
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.signing import paper
from tests.support.clock import PARIS, still
from tests.support.databases import KEK
from tests.support.pages import OFFICE, page
from tests.support.papers import JPEG, ON_PAPER, PNG, pdf
from tests.support.sealed_pdf import CAPACITIES, LATER, NAMES, NOW, SCHOOL, UAI, shown, sign, world


def judged(content, root):
    report = judge_file(content, ReaderInput(still(), trust=(root.certificate_pem.encode(),)))
    return report, {check.name: check.reason for check in report.checks if not check.ok}


def test_the_pdf_and_the_bundle_are_good_and_name_each_paper(partly_on_paper, root):
    for content in partly_on_paper:
        report, failed = judged(content, root)
        assert failed == {}
        assert len(report.signers) == 5
        papers = {each.field: each for each in report.signers if each.paper}
        assert set(papers) == set(ON_PAPER)
        assert {each.name for each in papers.values()} == {
            "Chantal Roy"
        }  # the voucher, never the absent person
        assert papers["tutor"].capacity == "Atteste l’original papier : Tuteur"
        assert "Chantal Roy" not in papers["tutor"].paper.signer
        told = next(check.reason for check in report.checks if check.name == "paper")
        assert "3 signatures sur papier, sur 5" in told
        assert "original vu par Chantal Roy, empreinte du scan" in told
    assert [name for name in unpack(partly_on_paper[1]) if name.startswith("papier-")] == [
        "papier-2.png",
        "papier-3.jpg",
        "papier-5.png",
    ]


@pytest.mark.real_processes
def test_the_standalone_verifier_the_command_and_the_public_page_agree(partly_on_paper, root, app, tmp_path):
    (tmp_path / "verifier.py").write_text(standalone(), encoding="utf-8")
    (tmp_path / "root.pem").write_text(root.certificate_pem)
    for name, content in zip(("final.pdf", "preuve.zip"), partly_on_paper, strict=True):
        (tmp_path / name).write_bytes(content)
        asked = [str(tmp_path / name), "--trust", str(tmp_path / "root.pem"), "--json"]
        alone = subprocess.run(
            [sys.executable, "-I", str(tmp_path / "verifier.py"), *asked], capture_output=True, check=False
        )
        ours = subprocess.run(
            [sys.executable, "-m", "pfmp_saas.cli.main", "verify", *asked], capture_output=True, check=False
        )
        assert (alone.returncode, ours.returncode) == (0, 0), alone.stderr
        verdict = json.loads(alone.stdout)
        assert verdict == json.loads(ours.stdout)
        tutor = next(each for each in verdict["signatures"] if each["field"] == "tutor")
        assert (tutor["manner"], tutor["paper"]["capacity"]) == ("paper", "Tuteur")
        answer = app.test_client().post("/verifier", data={"pdf": (io.BytesIO(content), "x")})
        assert "Document intact et complet" in page(answer)
        assert page(answer).count("original vu par Chantal Roy</strong>, qui y a apposé son cachet") == 3
        told = subprocess.run(
            [sys.executable, "-I", str(tmp_path / "verifier.py"), *asked[:-1]],
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert told.stdout.count("original vu par Chantal Roy, empreinte du scan") >= 3


def test_pdfsig_names_the_voucher_and_the_reason_the_paper(partly_on_paper, tmp_path):
    (tmp_path / "final.pdf").write_bytes(partly_on_paper[0])
    seen = subprocess.run(
        ["pdfsig", str(tmp_path / "final.pdf")], capture_output=True, text=True, check=False
    ).stdout
    assert seen.count("Signature is Valid") == 6
    assert seen.count("Signer Certificate Common Name: Chantal Roy") == 3
    assert "Karim Benali" not in seen


def test_under_an_authority_the_paper_s_seal_waits_and_is_stamped(place):
    *online, last = place.signers()
    for signer in online:
        place.sign(signer)
    with place.inside() as session:
        account = people.by_email(session, OFFICE)
        voucher = paper.Voucher(account.id, "Chantal Roy", account.email, frozenset({Role.SECRETARIAT}))
        shown_hash = place.request(session).frozen_hash
        paper.vouch(
            session, last, voucher=voucher, shown_hash=shown_hash, signed_on=place.now.astimezone(PARIS).date(),
            scan=PNG, consent=True, kek=KEK, now=place.now,
        )  # fmt: skip
        session.commit()
    assert place.state() == ("open", 0)
    place.run()
    assert place.state() == ("complete", 5)
    report = place.verdict()
    assert report.ok, report.checks
    assert [each.field for each in report.signers if each.paper] == ["tutor"]


def relisted(bundle, **changed):
    """Change members (None takes one away), and write the list of pieces again as a forger would."""
    members = unpack(bundle)
    for key, value in changed.items():
        name = key.replace("__", "-").replace("_", ".")
        members.pop(name, None)
        if value is not None:
            members[name] = value
    listed = json.loads(members[MANIFEST])
    listed["members"] = {
        name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != MANIFEST
    }
    members[MANIFEST] = json.dumps(listed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return pack(members)


SWAPS = {
    "another scan": {"papier__3_jpg": pdf()},
    "one byte of the scan": {"papier__3_jpg": JPEG[:-1] + b"\xd8"},
    "the scan taken away": {"papier__2_png": None},
    "a scan too many": {"papier__9_pdf": pdf()},
}


@pytest.mark.attack
@pytest.mark.parametrize("swap", SWAPS)
def test_a_bundle_whose_scans_were_touched_is_not_good(swap, partly_on_paper, root):
    report, failed = judged(relisted(partly_on_paper[1]), root)
    assert (report.ok, failed) == (True, {})  # the negative control: written again, unchanged
    report, failed = judged(relisted(partly_on_paper[1], **SWAPS[swap]), root)
    assert set(failed) == {"paper-scans"}


def act(capacity, reason):
    """The world's file, its tutor's field sealed in this capacity and for this reason."""
    base = world()
    who = SignerIdentity("Chantal Roy", capacity, SCHOOL, UAI)
    key = issue_signer(base.authority, who, NOW)
    when, tutor = shown("tutor", base.certified).when_local_text, CAPACITIES["tutor"]
    look = PaperAppearance("Chantal Roy", "secrétariat", NAMES["tutor"], tutor, "06/01/2025", when, "b" * 16)
    before = base.certified
    for field in list(CAPACITIES)[:-1]:
        before = sign(base, field, before)
    return sign_field(before, "tutor", key, now=NOW, appearance=look, reason=reason)


REASON = paper_reason("a" * 64, "06/01/2025", "Françoise Nguyễn", "b" * 64)
LIES = {
    "a signature that says it is paper": (CAPACITIES["tutor"], REASON),
    "a voucher without the paper's words": (VOUCHED + CAPACITIES["tutor"], "Événement " + "a" * 64),
    "a voucher for another capacity": (VOUCHED + "Élève", REASON),
    "a day that is none": (VOUCHED + CAPACITIES["tutor"], REASON.replace("06/01/2025", "31/02/2025")),
    "words before the reason": (VOUCHED + CAPACITIES["tutor"], "Signé ici. " + REASON),
}


@pytest.mark.attack
@pytest.mark.parametrize("lie", LIES)
def test_a_field_that_does_not_tell_one_story_is_refused(lie):
    held = ReaderInput(LATER, trust=tuple(world().trust))
    honest = judge_file(act(VOUCHED + CAPACITIES["tutor"], REASON), held)
    assert honest.ok, honest.failed()
    report = judge_file(act(*LIES[lie]), held)
    assert {"paper", "identity"} & set(report.failed())
