"""Witnesses: they cosign what continues what they saw, and nothing else; a log with two faces is caught by them."""

import base64
import hashlib
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from pfmp_saas.cli.witness import serve
from pfmp_saas.evidence.checkpoint import cosigned
from pfmp_saas.evidence.checkpoint.models import Cosignature, StoredCheckpoint
from pfmp_saas.evidence.checkpoint.process import CheckpointProcess
from pfmp_saas.evidence.checkpoint.witnesses import Behind, WitnessAddress, WitnessFailed, configured
from pfmp_saas.evidence.merkle import consistency_proof, leaf_hash, tree_hash
from pfmp_saas.evidence.verify.checkpoint import parts_of
from pfmp_saas.evidence.verify.cosignature import (
    BadWitness,
    Witness,
    cosigned_at,
    own_note,
    read_witness,
    read_witnesses,
    witness_key,
)
from pfmp_saas.evidence.verify.report import Held, Wrong
from pfmp_saas.evidence.verify.told import judge_file
from pfmp_saas.evidence.witness import LARGEST_REQUEST, WitnessService
from tests.browser import TOP
from tests.bundled import note, school
from tests.sealed_pdf import world
from tests.test_checkpoint_outside import UAI, World

ORIGIN = "pfmp.example/journal/0211033J"
NAME = "temoin.example/rectorat"
LEAVES = [leaf_hash(str(n).encode()) for n in range(40)]
LOG = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def checkpoint(size, leaves=LEAVES, key=LOG, origin=ORIGIN):
    return note(key, size, tree_hash(leaves[:size]), origin)


def request(old, size, leaves=LEAVES, **changed):
    proof = consistency_proof(old, leaves[:size]) if 0 < old < size else []
    steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in changed.pop("proof", proof))
    return f"old {old}\n{steps}\n{checkpoint(size, leaves, **changed)}".encode()


@pytest.fixture
def service(tmp_path):
    logs = {ORIGIN: [Ed25519PrivateKey.generate().public_key(), LOG.public_key()]}
    return WitnessService(NAME, Ed25519PrivateKey.generate(), logs, tmp_path / "memory.json")


@contextmanager
def running(service):
    server = serve(service, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_cosigns_what_continues_what_it_saw(service):
    for old, size in ((0, 7), (7, 7), (7, 8), (8, 40)):
        answer = service.answer(request(old, size), AT)
        assert answer.status == 200, (old, size, answer)
        whole = (checkpoint(size) + answer.body).encode()
        assert cosigned_at(whole, service.witness) == AT
        assert own_note(whole) == checkpoint(size).encode()


OTHER = [leaf_hash(b"x"), *LEAVES[1:]]
REFUSED = {
    "an unknown log": (request(0, 9, origin="pfmp.example/journal/0000000X"), 404),
    "an unknown key": (request(0, 9, key=Ed25519PrivateKey.from_private_bytes(bytes(32))), 403),
    "an old size beyond": (request(9, 5), 400),
    "another old size": (request(3, 9), 409),
    "from nothing, again": (request(0, 9), 409),
    "a smaller log": (request(5, 6), 409),
    "another face of the same size": (request(7, 7, OTHER), 409),
    "another face, grown": (request(7, 9, OTHER), 422),
    "no proof": (request(7, 9, proof=[]), 422),
    "a proof of something else": (request(7, 9, proof=[bytes(32)] * 3), 422),
    "a proof too many": (request(7, 7, proof=[bytes(32)]), 422),
    "sixty-four steps": (request(7, 9, proof=[bytes(32)] * 64), 400),
    "a step too short": (request(7, 9, proof=[bytes(31)]), 400),
    "leading zeros": (request(7, 9).replace(b"old 7", b"old 07"), 400),
    "no blank line": (request(7, 9).replace(b"\n\n", b"\n"), 400),
    "no note": (b"old 7\n\n", 400),
    "nothing": (b"", 400),
    "bytes": (b"\xff\x00" * 100, 400),
    "a flood": (b"old 0\n\n" + b"x" * LARGEST_REQUEST, 413),
    "an edited size": (request(7, 9).replace(b"\n9\n", b"\n8\n"), 403),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses(service, what):
    assert service.answer(request(0, 7), AT).status == 200
    body, status = REFUSED[what]
    answer = service.answer(body, AT)
    assert (answer.status, "—" in answer.body) == (status, False)
    if status == 409:
        assert (answer.body, answer.content_type) == ("7\n", "text/x.tlog.size")
    assert service.answer(request(7, 9), AT).status == 200  # and what it knew is as it was


def test_it_remembers_across_a_restart(service):
    service.answer(request(0, 9), AT)
    again = WitnessService(NAME, service._key, service._logs, service._memory)
    assert again.answer(request(0, 12), AT).status == 409
    assert again.answer(request(9, 12), AT).status == 200


def test_two_faces_at_the_same_instant_get_one_cosignature(service):
    faces = [request(0, 20), request(0, 20, OTHER)] * 8
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: service.answer(body, AT), faces))
    assert sum(answer.status == 200 for answer in answers) == 1


def test_the_message_signed_is_the_published_one(service):
    """c2sp.org/tlog-cosignature, apart from our own code."""
    line = service.answer(request(0, 9), AT).body
    value = base64.b64decode(line.split(" ")[2])
    raw = service.witness.key.public_bytes_raw()
    assert value[:4] == hashlib.sha256(f"{NAME}\n".encode() + b"\x04" + raw).digest()[:4]
    seconds = int.from_bytes(value[4:12], "big")
    assert seconds == int(AT.timestamp())
    body = checkpoint(9).rpartition("\n\n")[0] + "\n"
    service.witness.key.verify(value[12:], f"cosignature/v1\ntime {seconds}\n{body}".encode())


def test_the_example_of_the_specification_parses():
    text = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    ).encode()
    _, signatures = parts_of(text)
    name, value = signatures[1]
    assert (name, int.from_bytes(value[4:12], "big"), len(value)) == (
        "witness.example.com/w1",
        1679315147,
        76,
    )
    assert parts_of(own_note(text))[1] == signatures[:1]


@pytest.mark.parametrize(
    "line", ["", "x", "a+b+c", "a+00000000+BAAA", f"+00000000+{base64.b64encode(bytes(33)).decode()}"]
)
def test_a_bad_key_is_refused(line):
    with pytest.raises(BadWitness):
        read_witness(line)


def test_keys_read_back():
    known = Witness(NAME, LOG.public_key())
    text = f"# rectorat\n\n{witness_key(known)}\n".encode()
    assert [each.identifier for each in read_witnesses(text)] == [known.identifier]
    with pytest.raises(BadWitness):
        read_witnesses(b"\xff")


def test_over_http_and_what_the_client_makes_of_it(service):
    with running(service) as url:
        address = WitnessAddress(service.witness, url)
        assert cosigned_at((checkpoint(9) + address.ask(checkpoint(9), 0, [])).encode(), service.witness)
        with pytest.raises(Behind) as behind:
            address.ask(checkpoint(12), 0, [])
        assert behind.value.size == 9
        with pytest.raises(WitnessFailed, match="refusé"):
            address.ask(checkpoint(12), 9, [])
        stranger = WitnessAddress(Witness(NAME, Ed25519PrivateKey.generate().public_key()), url)
        with pytest.raises(WitnessFailed, match="n’est pas sa cosignature"):
            stranger.ask(checkpoint(12), 9, consistency_proof(9, LEAVES[:12]))
        for path, body, status in (("/", b"", 404), ("/add-checkpoint", b"x" * (LARGEST_REQUEST + 1), 413)):
            with pytest.raises(HTTPError) as refused:
                urlopen(Request(url + path, body))
            assert refused.value.code == status
    with pytest.raises(WitnessFailed, match="ne répond pas"):
        replace(address, timeout=1).ask(checkpoint(12), 9, [])


@pytest.mark.parametrize("text", ["x", "a+b+c http://x", "{key} ftp://x", "{key}"])
def test_a_bad_list_of_witnesses_is_refused(tmp_path, text):
    (tmp_path / "w").write_text(text.replace("{key}", witness_key(Witness(NAME, LOG.public_key()))))
    with pytest.raises(BadWitness):
        configured(tmp_path / "w")


# The process that signs checkpoints, on a real database


@pytest.fixture
def around(seeded, session_factory, postgres, database):
    return World(seeded, session_factory, postgres, database)


def witnessed(around, service, url, tmp_path):
    """Let the checkpoint process ask that witness; the service knows every log of the demonstration."""
    (tmp_path / "witnesses").write_text(f"{witness_key(service.witness)} {url}\n")
    settings = replace(around.process.settings, witnesses=tmp_path / "witnesses")
    return CheckpointProcess(settings, lambda: around.now)


def known_logs(around):
    from pfmp_saas.evidence.checkpoint.keys import all_keys, public_of  # noqa: PLC0415 - one fixture only
    from pfmp_saas.evidence.checkpoint.note import read_key  # noqa: PLC0415

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
            connection.execute("update cosignatures set due_at = now() where due_at is not null")
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
    return Held(later, trust=pem, authorities=(school().tsa.root_pem,), witnesses=keys)


def cosigned_bundle(tmp_path, leaves=None, at=datetime(2029, 12, 1, tzinfo=UTC)):
    """A bundle whose checkpoint a witness has cosigned; with the leaves that the witness saw, if they are others."""
    from pfmp_saas.evidence.bundle.make import make_bundle  # noqa: PLC0415 - two tests only

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
    assert told(unasked).reason.startswith("1 cosignature")


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


def test_a_cosignature_to_come_and_a_stranger_s_are_refused(tmp_path):
    bundle, witness = cosigned_bundle(tmp_path)
    early = replace(held(witness), now=datetime(2029, 11, 1, tzinfo=UTC))
    assert "datée de l’avenir" in told(judge_file(bundle, early)).reason
    stranger = Witness(NAME, Ed25519PrivateKey.generate().public_key())
    assert judge_file(bundle, held(stranger)).failed() == ("witnesses",)


@pytest.mark.parametrize("standalone", [False, True])
def test_the_commands_take_witnesses(tmp_path, standalone):
    from pfmp_saas.evidence.bundle.standalone import standalone as source  # noqa: PLC0415 - one test only

    bundle, witness = cosigned_bundle(tmp_path, at=datetime.now(UTC))
    (tmp_path / "preuve.zip").write_bytes(bundle)
    (tmp_path / "root.pem").write_text(world().root.certificate_pem)
    (tmp_path / "tsa.pem").write_bytes(school().tsa.root_pem)
    (tmp_path / "good.txt").write_text(witness_key(witness))
    (tmp_path / "other.txt").write_text(witness_key(Witness(NAME, LOG.public_key())))
    (tmp_path / "bad.txt").write_text("zut")
    (tmp_path / "verifier.py").write_text(source(), encoding="utf-8")
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


# The command line of a witness


def test_a_witness_is_made_and_run_from_the_command_line(tmp_path):
    base = [sys.executable, "-m", "pfmp_saas.cli.main", "witness"]

    def pfmp(*arguments):
        return subprocess.run([*base, *arguments], cwd=TOP, capture_output=True, text=True, check=False)

    made = pfmp("key", "--name", NAME, "--file", str(tmp_path / "key"))
    witness = read_witness(made.stdout.strip())
    assert (made.returncode, witness.name, (tmp_path / "key").stat().st_mode & 0o777) == (0, NAME, 0o600)
    for bad in (["--name", "a b"], ["--name", "a+b"], ["--name", NAME]):  # the last one: the file is there
        refused = pfmp("key", *bad, "--file", str(tmp_path / "key"))
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    (tmp_path / "logs").write_text("zut")
    options = [
        "--key",
        str(tmp_path / "key"),
        "--memory",
        str(tmp_path / "m"),
        "--log",
        str(tmp_path / "logs"),
    ]
    for bad in ([], ["--listen", "x"], ["--listen", "127.0.0.1:99999"], ["--key", "/nowhere"]):
        refused = pfmp("run", *options, *bad)
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1), refused
