"""What proves a signature carried over: the PDF and the bundle name the act, hold its file, and no operator adds or keeps one."""

import hashlib
import io
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from pfmp_saas.documents.sealing.authority import SignerIdentity, issue_signer
from pfmp_saas.documents.sealing.drawn import CarriedAppearance
from pfmp_saas.documents.sealing.names import CARRIED_AS, carried_reason
from pfmp_saas.documents.sealing.sign import sign_field
from pfmp_saas.evidence.bundle.standalone import standalone
from pfmp_saas.evidence.verify.bundle.archive import MANIFEST, pack, unpack
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.signing import carrying
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.proof import proof_bundle
from pfmp_saas.signing.queries import document
from tests.support.clock import NOW
from tests.support.corrected import AGAIN, LATER, corrected_and_signed, of_field
from tests.support.pages import page
from tests.support.sealed_pdf import CAPACITIES, NAMES, SCHOOL, UAI, shown, sign, world
from tests.support.sealed_pdf import LATER as AFTER
from tests.support.sealed_pdf import NOW as THEN


def judged(content, root):
    report = judge_file(
        content, ReaderInput(LATER + timedelta(days=1), trust=(root.certificate_pem.encode(),))
    )
    return report, {check.name: check.reason for check in report.checks if not check.ok}


def made(school, meddle=None):
    """Return the final PDF and the bundle of a corrected convention."""
    school.now = LATER
    request_id = corrected_and_signed(school, meddle)
    school.newest()
    with school.inside() as session:
        request = session.get_one(SignatureRequest, request_id)
        return document(session, request), proof_bundle(session, request)


def test_the_file_the_bundle_the_standalone_verifier_and_the_page_name_what_is_carried(
    around, root, app, codes, tmp_path
):
    both = made(around)
    for content in both:
        report, failed = judged(content, root)
        assert failed == {}
        assert {each.field for each in report.signers if each.carried} == {"head", "referent"}
        assert {each.field for each in report.signers if not each.carried} == set(AGAIN)
        head = next(each for each in report.signers if each.field == "head")
        assert head.name != head.carried.signer  # the school's seal, never a signature in the person's name
        told = next(check.reason for check in report.checks if check.name == "carried")
        assert "2 signatures reportées, sur 5" in told
        assert head.carried.version in told
    members = unpack(both[1])
    assert "version-1.pdf" in members
    told = members["LISEZMOI.html"].decode()
    for sentence in (
        "qui corrige la version",
        "reste au dossier avec les signatures",
        "est reportée sur la version",
    ):
        assert sentence in told, sentence
    assert "par le lien envoyé à son adresse" in told
    assert around.audit() | codes() == set()
    (tmp_path / "verifier.py").write_text(standalone(), encoding="utf-8")
    (tmp_path / "root.pem").write_text(root.certificate_pem)
    (tmp_path / "preuve.zip").write_bytes(both[1])
    asked = [str(tmp_path / "preuve.zip"), "--trust", str(tmp_path / "root.pem"), "--json"]
    alone = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verifier.py"), *asked], capture_output=True, check=False
    )
    verdict = json.loads(alone.stdout)
    assert {each["field"] for each in verdict["signatures"] if each["manner"] == "carried"} == {
        "head",
        "referent",
    }
    assert "aucune opposition en 5 jours" in alone.stdout.decode()
    answer = app.test_client().post("/verifier", data={"pdf": (io.BytesIO(both[0]), "x")})
    assert page(answer).count("signature reportée par l’établissement") == 2


def relisted(bundle, **changed):
    """Change members (None takes one away), and write the list of pieces again as a forger would."""
    members = unpack(bundle)
    for key, value in changed.items():
        name = key.replace("__", "-").replace("_", ".")
        members.pop(name, None)
        if value is not None:
            members[name] = value(members) if callable(value) else value
    listed = json.loads(members[MANIFEST])
    names = sorted(set(members) - {MANIFEST})
    listed["members"] = {name: hashlib.sha256(members[name]).hexdigest() for name in names}
    members[MANIFEST] = json.dumps(listed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return pack(members)


def stripped(bundle):
    """The version before without its last signature, an act that is carried over."""
    pdf = unpack(bundle)["version-1.pdf"]
    return pdf[: pdf.rindex(b"%%EOF\n", 0, len(pdf) - 6) + 6]


VERSIONS = {
    "the version before taken away": lambda _: {"version__1_pdf": None},
    "the version before without its last signature": lambda bundle: {"version__1_pdf": stripped(bundle)},
    "the final file in the place of the version before": lambda bundle: {
        "version__1_pdf": unpack(bundle)["convention.pdf"]
    },
    "a version too many": lambda bundle: {"version__2_pdf": unpack(bundle)["convention.pdf"]},
}


@pytest.mark.attack
def test_a_bundle_whose_version_before_was_touched_is_not_good(around, root):
    _, bundle = made(around)
    assert judged(relisted(bundle), root)[1] == {}  # the negative control: written again, unchanged
    for name, change in VERSIONS.items():
        assert set(judged(relisted(bundle, **change(bundle)), root)[1]) == {"carried-signatures"}, name


def opposed(session, newest):
    """The head opposes, in time; the operator takes the note of it back."""
    head = session.scalars(
        select(Signer).where(Signer.id == of_field(newest, "head").id).with_for_update()
    ).one()
    head, _ = carrying.locked_signer(session, head.id)
    carrying.oppose(session, head, NOW)
    head.objected_at = None


def another_place(session, newest):
    """The referent's signature made to stand for the head's."""
    of_field(newest, "head").carries = of_field(newest, "referent").carries


def never_announced(session, newest):
    """The tutor, who never signed, under the referent's former act."""
    of_field(newest, "head").carries = of_field(newest, "tutor")


MEDDLED = {
    "a signature carried against its signer’s opposition": (opposed, "refusé par qui l’avait donnée"),
    "another’s act carried": (another_place, "n’annonçait pas"),
    "an act of this version carried": (never_announced, "n’annonçait pas"),
}


@pytest.mark.attack
@pytest.mark.parametrize("how", MEDDLED)
def test_an_operator_carries_no_signature_that_was_not_given_for_it(how, around, root, codes):
    meddle, reason = MEDDLED[how]
    _, bundle = made(around, meddle)
    failed = judged(bundle, root)[1]
    assert reason in failed.get("carried-signatures", ""), failed
    assert codes() != set()


@pytest.mark.attack
def test_a_signature_carried_before_its_signer_could_oppose_is_refused(around, root, codes, monkeypatch):
    monkeypatch.setattr(
        carrying, "last_day_to_object", lambda told_at, _zone: told_at.date() - timedelta(days=1)
    )
    monkeypatch.setattr("tests.support.corrected.LATER", NOW)
    monkeypatch.setattr("tests.support.corrected.carry_all.__defaults__", (NOW + timedelta(hours=1),))
    _, bundle = made(around)
    assert "avant la fin du délai d’opposition" in judged(bundle, root)[1]["carried-signatures"]
    assert codes() != set()


def act(capacity, reason):
    """The world's file, its tutor's field sealed in this capacity and for this reason."""
    base = world()
    key = issue_signer(base.authority, SignerIdentity(SCHOOL, capacity, SCHOOL, UAI), THEN)
    when, tutor = shown("tutor", base.certified).when_local_text, CAPACITIES["tutor"]
    look = CarriedAppearance(SCHOOL, NAMES["tutor"], tutor, "06/01/2025", "b" * 16, when, "c" * 16)
    before = base.certified
    for field in list(CAPACITIES)[:-1]:
        before = sign(base, field, before)
    return sign_field(before, "tutor", key, now=THEN, appearance=look, reason=reason)


REASON = carried_reason("a" * 64, "06/01/2025", "Françoise Nguyễn", "b" * 64, "c" * 64)
LIES = {
    "a signature that says it is carried": (CAPACITIES["tutor"], REASON),
    "a seal of carrying without its words": (CARRIED_AS + CAPACITIES["tutor"], "Événement " + "a" * 64),
    "a seal of carrying for another capacity": (CARRIED_AS + "Élève", REASON),
    "a day of carrying that is none": (
        CARRIED_AS + CAPACITIES["tutor"],
        REASON.replace("06/01/2025", "31/02/2025"),
    ),
}


@pytest.mark.attack
@pytest.mark.parametrize("lie", LIES)
def test_a_field_that_does_not_tell_one_story_of_carrying_is_refused(lie):
    held = ReaderInput(AFTER, trust=tuple(world().trust))
    honest = judge_file(act(CARRIED_AS + CAPACITIES["tutor"], REASON), held)
    assert honest.ok, honest.failed()
    report = judge_file(act(*LIES[lie]), held)
    assert {"carried", "identity"} & set(report.failed())
