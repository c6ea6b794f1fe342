"""Timestamps by a real authority over HTTP: RSA and ECDSA, agreed with by OpenSSL; and every way to be refused."""

import hashlib
import subprocess
from datetime import timedelta
from functools import lru_cache

import pytest
from asn1crypto import tsp
from asn1crypto.cms import ContentInfo
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pfmp_saas.core.clock import utc_now
from pfmp_saas.evidence.timestamping import StampFailed, TimestampAuthority
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.time.timestamp import check_stamp, stamp_time
from tests.support.attacks_stamps import with_attribute, with_certificate, with_list
from tests.support.clock import NOW
from tests.support.tsa import LONG_AGO, Tsa

DATA = b"bytes that existed"
DIGEST = hashlib.sha256(DATA).digest()
KINDS = ["ecdsa", "rsa"]
OPENSSL = [
    "openssl",
    "ts",
    "-verify",
    "-in",
    "token.der",
    "-token_in",
    "-data",
    "data",
    "-CAfile",
    "root.pem",
]


@lru_cache(maxsize=4)
def tsa(kind, name="Horodatage d’essai"):
    return Tsa(kind, name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_asked_over_http_is_good_for_us_and_for_openssl(kind, tmp_path):
    authority = tsa(kind)
    with authority.serving() as url:
        token = TimestampAuthority(url, [authority.root]).stamp(DIGEST, NOW)
    stamp = check_stamp(token, DIGEST, [authority.root], NOW)
    assert abs(stamp.at - NOW) < timedelta(seconds=20)
    assert stamp.authority == "Horodatage d’essai"
    (tmp_path / "token.der").write_bytes(token)
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    assert subprocess.run(OPENSSL, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "data").write_bytes(DATA + b"!")
    assert subprocess.run(OPENSSL, cwd=tmp_path, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_s_own_authority_is_good_for_us(kind, tmp_path):
    authority = tsa(kind)
    (tmp_path / "key.pem").write_bytes(
        authority.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (tmp_path / "tsa.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    (tmp_path / "serial").write_text("01")
    (tmp_path / "conf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=key.pem\ncerts=root.pem\n"
        "signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\nordering=yes\ness_cert_id_chain=no\n"
    )
    (tmp_path / "data").write_bytes(DATA)
    for step in (
        ["-query", "-data", "data", "-sha256", "-cert", "-out", "q.tsq"],
        ["-reply", "-config", "conf", "-queryfile", "q.tsq", "-token_out", "-out", "token.der"],
    ):
        subprocess.run(["openssl", "ts", *step], cwd=tmp_path, capture_output=True, check=True)
    token = (tmp_path / "token.der").read_bytes()
    later = utc_now() + timedelta(seconds=2)
    assert check_stamp(token, DIGEST, [authority.root], later).at <= later
    assert check_stamp(token, DIGEST, [authority.certificate], later)


def test_a_token_over_other_bytes_or_by_a_stranger_is_refused():
    token = tsa("ecdsa").token(DIGEST)
    assert check_stamp(token, DIGEST, [tsa("ecdsa").root], NOW)
    with pytest.raises(Wrong, match="autres octets"):
        check_stamp(token, hashlib.sha256(b"x").digest(), [tsa("ecdsa").root], NOW)
    with pytest.raises(Wrong, match="pas de confiance"):
        check_stamp(token, DIGEST, [Tsa().root], NOW)  # another authority of the very same name
    with pytest.raises(Wrong, match="--tsa"):
        check_stamp(token, DIGEST, [], NOW)


def test_a_token_from_the_future_or_out_of_life_is_refused():
    root = [tsa("ecdsa").root]
    with pytest.raises(Wrong, match="avenir"):
        check_stamp(tsa("ecdsa").token(DIGEST, NOW + timedelta(minutes=10)), DIGEST, root, NOW)
    with pytest.raises(Wrong, match="valable"):
        check_stamp(tsa("ecdsa").token(DIGEST, LONG_AGO - timedelta(days=1)), DIGEST, root, NOW)
    expired = Tsa(until=NOW - timedelta(days=1))
    with pytest.raises(Wrong, match="valable"):
        check_stamp(expired.token(DIGEST), DIGEST, [expired.root], NOW)


@pytest.mark.attack
def test_a_certificate_that_is_not_for_timestamps_is_refused():
    plain = Tsa(purpose=False)
    with pytest.raises(Wrong, match="pas fait pour horodater"):
        check_stamp(plain.token(DIGEST), DIGEST, [plain.root], NOW)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_any_bit_changed_in_a_token_is_refused(kind):
    authority = tsa(kind)
    token = authority.token(DIGEST)
    assert check_stamp(token, DIGEST, [authority.root], NOW)
    for position in range(len(token)):
        broken = bytearray(token)
        broken[position] ^= 1 << position % 8
        with pytest.raises(Wrong):
            check_stamp(bytes(broken), DIGEST, [authority.root], NOW)
    for end in range(0, len(token), 97):
        with pytest.raises(Wrong):
            check_stamp(token[:end], DIGEST, [authority.root], NOW)
    with pytest.raises(Wrong):
        stamp_time(token + b"\0")


@pytest.mark.parametrize("change", [with_attribute, with_list, with_certificate])
def test_what_an_authority_adds_and_nobody_can_check_is_left_out(change, tmp_path):
    authority = tsa("ecdsa")
    plain = authority.answer

    def answer(query):
        found = tsp.TimeStampResp.load(plain(query))
        found["time_stamp_token"] = ContentInfo.load(change(found["time_stamp_token"].dump()))
        return found.dump()

    with pytest.MonkeyPatch.context() as patch, authority.serving() as url:
        patch.setattr(authority, "answer", answer)
        token = TimestampAuthority(url, [authority.root]).stamp(DIGEST, NOW)
    assert check_stamp(token, DIGEST, [authority.root], NOW)
    with pytest.raises(Wrong):
        check_stamp(change(token), DIGEST, [authority.root], NOW)
    for name, data in (("token.der", token), ("data", DATA), ("root.pem", authority.root_pem)):
        (tmp_path / name).write_bytes(data)
    assert subprocess.run(OPENSSL, cwd=tmp_path, capture_output=True, check=False).returncode == 0


@pytest.mark.attack
def test_a_token_stuffed_with_certificates_is_refused_before_they_are_tried():
    authority = tsa("ecdsa")
    info = ContentInfo.load(authority.token(DIGEST))
    info["content"]["certificates"] = [*info["content"]["certificates"]] * 6
    with pytest.raises(Wrong, match="illisible"):
        check_stamp(info.dump(), DIGEST, [authority.root], NOW)


def test_an_authority_that_fails_is_a_failure_to_retry():
    authority = Tsa()
    with authority.serving() as url:
        asker = TimestampAuthority(url, [authority.root])
        authority.down = True
        with pytest.raises(StampFailed, match="ne répond pas"):
            asker.stamp(DIGEST, NOW)
        authority.down, authority.refuses = False, True
        with pytest.raises(StampFailed, match="refusé"):
            asker.stamp(DIGEST, NOW)
        authority.refuses = False
        assert asker.stamp(DIGEST, NOW)
        with pytest.raises(StampFailed, match="pas de confiance"):
            TimestampAuthority(url, [Tsa().root]).stamp(DIGEST, NOW)
    with pytest.raises(StampFailed, match="ne répond pas"):
        asker.stamp(DIGEST, NOW)
    with pytest.raises(StampFailed, match="adresse HTTP"):
        TimestampAuthority("file:///etc/passwd", [authority.root]).stamp(DIGEST, NOW)


@pytest.mark.attack
def test_a_token_replayed_from_another_request_is_refused():
    authority = Tsa()
    old = authority.answer
    replayed = []

    def replay(query):
        replayed.append(old(query))
        return replayed[0]

    authority.answer = replay
    with authority.serving() as url:
        asker = TimestampAuthority(url, [authority.root])
        assert asker.stamp(DIGEST, NOW)
        with pytest.raises(StampFailed, match="autre demande"):
            asker.stamp(DIGEST, NOW)
