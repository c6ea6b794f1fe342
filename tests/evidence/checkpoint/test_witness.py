"""Witnesses: they cosign what continues what they saw, and nothing else; a log with two faces is caught by them."""

import base64
import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pfmp_saas.evidence.checkpoint.note import verifier_key
from pfmp_saas.evidence.checkpoint.witnesses import Behind, WitnessAddress, WitnessFailed, configured
from pfmp_saas.evidence.merkle import leaf_hash
from pfmp_saas.evidence.verify.log.checkpoint import own_note, parts_of
from pfmp_saas.evidence.verify.log.cosignature import (
    BadWitness,
    Witness,
    cosigned_at,
    read_witness,
    read_witnesses,
    witness_key,
)
from pfmp_saas.evidence.witness import LARGEST_REQUEST, WitnessService
from tests.support.browser import TOP
from tests.support.merkle import consistency_proof
from tests.support.witnessing import AT, LEAVES, LOG, NAME, ORIGIN, checkpoint, request, running


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


@pytest.mark.attack
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


# The command line of a witness


@pytest.mark.slow
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
    (tmp_path / "spoilt").write_text("[1")
    (tmp_path / "known").write_text(verifier_key(ORIGIN, LOG.public_key()))
    spoilt = ["--log", str(tmp_path / "known"), "--memory", str(tmp_path / "spoilt")]
    for bad in (
        [],
        spoilt,
        ["--listen", "x"],
        ["--listen", "127.0.0.1:99999"],
        ["--key", "/nowhere"],
    ):
        refused = pfmp("run", *options, *bad)
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1), refused
        assert ("mémoire d’un témoin" in refused.stderr) == (bad is spoilt)
