"""A log with two faces is caught by its witness: the checkpoint process asks it, the reader of a bundle brings its key."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from pfmp_saas.evidence.bundle.make import make_bundle
from pfmp_saas.evidence.bundle.standalone import standalone as standalone_source
from pfmp_saas.evidence.checkpoint import cosigned
from pfmp_saas.evidence.checkpoint.keys import all_keys, public_of
from pfmp_saas.evidence.checkpoint.models import Cosignature, StoredCheckpoint
from pfmp_saas.evidence.checkpoint.note import read_key
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.merkle import leaf_hash
from pfmp_saas.evidence.verify.log.checkpoint import parts_of
from pfmp_saas.evidence.verify.log.cosignature import Witness, cosigned_at, witness_key
from pfmp_saas.evidence.verify.report import ReaderInput, Wrong
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.evidence.witness import WitnessService
from tests.support.browser import TOP
from tests.support.bundled import note, school
from tests.support.clock import NOW
from tests.support.merkle import tree_hash
from tests.support.pages import UAI
from tests.support.sealed_pdf import world
from tests.support.witnessing import LOG, NAME, running

# The process that signs checkpoints, on a real database


def witnessed(around, service, url, tmp_path):
    """Let the checkpoint process ask that witness; the service knows every log of the demonstration."""
    (tmp_path / "witnesses").write_text(f"{witness_key(service.witness)} {url}\n")
    settings = replace(around.process.settings, witnesses=tmp_path / "witnesses")
    return CheckpointProcess(settings, lambda: around.now)


def known_logs(around):
    with around.inside() as session:
        return {name: [key] for name, key in (read_key(public_of(row)) for row in all_keys(session))}


def newest(around):
    with around.inside() as session:
        mine = select(StoredCheckpoint).where(StoredCheckpoint.tenant_id == around.tenant)
        row = session.scalars(mine.order_by(StoredCheckpoint.size.desc())).first()
        return row.size, cosigned.cosigned_note(session, row), cosigned.awaited(session, row)


def test_the_process_asks_keeps_and_gives_on(around, tmp_path, root, app):
    service = WitnessService(NAME, Ed25519PrivateKey.generate(), known_logs(around), tmp_path / "m.json")
    with running(service) as url:
        process = witnessed(around, service, url, tmp_path)
        process.round()
        size, text, waits = newest(around)
        assert not waits
        assert cosigned_at(text.encode(), service.witness)
        around.signed()
        process.round()
        grown, text, _ = newest(around)
        assert grown > size
        assert cosigned_at(text.encode(), service.witness)
        assert around.audit() == set()
    (mail, *_) = around.tick()
    assert mail.note == text
    answer = app.test_client().get(f"/points-de-controle/{UAI}/{grown}.txt")
    assert answer.text == text
    assert f"cosigné par {NAME}" in app.test_client().get(f"/points-de-controle/{UAI}").text
    with around.admin() as connection:
        connection.execute("update cosignatures set line = replace(line, 'A', 'B')")
    assert around.audit() == {"cosignature"}


def test_a_witness_that_is_away_is_waited_for_and_blocks_nothing(around, tmp_path):
    service = WitnessService(NAME, Ed25519PrivateKey.generate(), known_logs(around), tmp_path / "m.json")
    process = witnessed(around, service, "http://127.0.0.1:9", tmp_path)
    process.round()
    size, text, waits = newest(around)
    assert waits
    with pytest.raises(Wrong):
        cosigned_at(text.encode(), service.witness)
    request_id = around.signed()
    process.round()
    assert newest(around)[0] > size
    assert around.tick() == []  # the copies wait for the witness, ten minutes at most
    around.now += timedelta(minutes=11)
    assert around.tick()
    with running(service) as url:
        process = witnessed(around, service, url, tmp_path)
        with around.admin() as connection:
            connection.execute("update cosignatures set due_at = %s where due_at is not null", [around.now])
        process.round()
        assert not newest(around)[2]
    with around.inside() as session:
        overtaken = session.scalars(select(Cosignature).where(Cosignature.line.is_(None)))
        assert {row.error for row in overtaken if row.tenant_id == around.tenant} == {
            "un relevé plus récent est cosigné à sa place"
        }
    assert request_id


def test_a_witness_that_knows_the_log_from_elsewhere_is_met_where_it_stands(around, tmp_path):
    """Our rows are new (a database restored from yesterday's copy); the witness is not."""
    service = WitnessService(NAME, Ed25519PrivateKey.generate(), known_logs(around), tmp_path / "m.json")
    with running(service) as url:
        process = witnessed(around, service, url, tmp_path)
        process.round()
        with around.admin() as connection:
            connection.execute("delete from cosignatures")
        around.signed()
        process.round()
        assert not newest(around)[2]


@pytest.mark.attack
def test_a_rewritten_log_gets_no_cosignature(around, tmp_path):
    service = WitnessService(NAME, Ed25519PrivateKey.generate(), known_logs(around), tmp_path / "m.json")
    with running(service) as url:
        process = witnessed(around, service, url, tmp_path)
        process.round()
        heads = json.loads((tmp_path / "m.json").read_text())
        name = next(each for each in heads if UAI in each)
        heads[name][1] = "11" * 32  # the witness saw another face of this log
        (tmp_path / "m.json").write_text(json.dumps(heads))
        around.signed()
        process.round()
        assert newest(around)[2]
        with around.inside() as session:
            waiting = session.scalars(select(Cosignature).where(Cosignature.due_at.is_not(None))).one()
            assert waiting.error == "le témoin a refusé (422)"


# What the reader of a bundle sees


def held(*witnesses):
    keys = tuple(f"{witness_key(each)}\n".encode() for each in witnesses)
    pem = (world().root.certificate_pem.encode(),)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    return ReaderInput(later, trust=pem, authorities=(school().tsa.root_pem,), witnesses=keys)


def cosigned_bundle(tmp_path, leaves=None, at=datetime(2029, 12, 1, tzinfo=UTC)):
    """A bundle whose checkpoint a witness has cosigned; with the leaves that the witness saw, if they are others."""
    mine = school()
    origin = parts_of(mine.checkpoint().encode())[0].split("\n")[0]
    service = WitnessService(
        NAME, Ed25519PrivateKey.generate(), {origin: [mine.key.public_key()]}, tmp_path / "memory.json"
    )
    seen = note(mine.key, len(mine.leaves), tree_hash(leaves or mine.leaves), origin)
    answer = service.answer(f"old 0\n\n{seen}".encode(), at)
    assert answer.status == 200
    pieces = replace(mine.pieces, checkpoint=mine.checkpoint() + answer.body)
    return make_bundle(pieces), service.witness


def told(report):
    return next(check for check in report.checks if check.name == "witnesses")


def test_a_cosigned_bundle_passes_and_says_by_whom(tmp_path):
    bundle, witness = cosigned_bundle(tmp_path)
    report = judge_file(bundle, held(witness))
    assert report.ok, report.failed()
    assert f"cosigné par {NAME} le 01/12/2029" in told(report).reason
    unasked = judge_file(bundle, held())
    assert unasked.ok
    assert told(unasked).reason.startswith("1 ligne d’autres signataires, non jugée")


@pytest.mark.attack
def test_the_other_face_of_a_log_passes_by_itself_and_not_before_its_witness(tmp_path):
    """Split view: the witness saw one face and refuses the other, which only lacks its cosignature."""
    mine = school()
    other = [leaf_hash(b"x"), *mine.leaves[1:]]
    bundle, witness = cosigned_bundle(tmp_path, other)
    assert judge_file(school().bundle, held()).ok  # without the witness's key, nothing shows
    for content, why in ((school().bundle, "n’a pas cosigné"), (bundle, "ne correspond pas au relevé")):
        report = judge_file(content, held(witness))
        assert report.failed() == ("witnesses",)
        assert why in told(report).reason


@pytest.mark.attack
def test_a_cosignature_to_come_and_a_stranger_s_are_refused(tmp_path):
    bundle, witness = cosigned_bundle(tmp_path)
    early = replace(held(witness), now=datetime(2029, 11, 1, tzinfo=UTC))
    assert "datée de l’avenir" in told(judge_file(bundle, early)).reason
    stranger = Witness(NAME, Ed25519PrivateKey.generate().public_key())
    assert judge_file(bundle, held(stranger)).failed() == ("witnesses",)


@pytest.mark.slow
@pytest.mark.parametrize("standalone", [False, True])
def test_the_commands_take_witnesses(tmp_path, standalone):
    bundle, witness = cosigned_bundle(tmp_path, at=NOW)
    (tmp_path / "preuve.zip").write_bytes(bundle)
    (tmp_path / "root.pem").write_text(world().root.certificate_pem)
    (tmp_path / "tsa.pem").write_bytes(school().tsa.root_pem)
    (tmp_path / "good.txt").write_text(witness_key(witness))
    (tmp_path / "other.txt").write_text(witness_key(Witness(NAME, LOG.public_key())))
    (tmp_path / "bad.txt").write_text("zut")
    (tmp_path / "verifier.py").write_text(standalone_source(), encoding="utf-8")
    start = [str(tmp_path / "verifier.py")] if standalone else ["-m", "pfmp_saas.cli.main", "verify"]
    for name, code in (("good", 0), ("other", 1), ("bad", 2)):
        command = [
            sys.executable, *start, str(tmp_path / "preuve.zip"), "--trust", str(tmp_path / "root.pem"),
            "--tsa", str(tmp_path / "tsa.pem"), "--witness", str(tmp_path / f"{name}.txt"),
        ]  # fmt: skip
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        if code == 2:
            assert (done.stdout, done.stderr.count("\n")) == ("", 1)
        else:
            assert ("oui" if code == 0 else "NON") + "  witnesses" in done.stdout
