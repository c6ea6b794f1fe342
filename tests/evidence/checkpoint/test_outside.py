"""Checkpoints held outside: the mail that carries them, the page that lists them, and what only they can show."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, update

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail, compose
from pfmp_saas.evidence.checkpoint import note
from pfmp_saas.evidence.checkpoint.keys import active_key, public_of, signing_key
from pfmp_saas.evidence.checkpoint.models import LogKey
from pfmp_saas.evidence.events import text_leaf_hash
from pfmp_saas.evidence.log.tree import grow, root_of
from pfmp_saas.evidence.merkle import leaf_hash
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.signing import use_cases
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.workflows.copies import LONGEST_WAIT
from tests.support.browser import TOP
from tests.support.databases import KEK
from tests.support.pages import UAI


def test_the_copies_wait_for_the_checkpoint_and_carry_it(around):
    around.signed()
    assert around.tick() == []
    around.process.round()
    around.now += timedelta(seconds=2)
    mails = around.tick()
    assert len(mails) == len({mail.recipient for mail in mails}) == 6
    with around.inside() as session:
        message = compose(session, session.get_one(OutgoingMail, mails[0].id), "pfmp@pfmp.example")
        key = public_of(active_key(session))
    parts = list(message_from_bytes(message.as_bytes(), policy=default).iter_attachments())
    text = parts[1].get_payload(decode=True).decode()
    assert [part.get_content_type() for part in parts] == ["application/pdf", "text/plain"]
    assert note.verify(text, key).tenant == UAI
    assert note.fingerprint(text) in mails[0].body
    around.now += timedelta(hours=1)
    assert len(around.tick()) == 6


def test_without_a_checkpoint_the_copies_leave_all_the_same_and_say_so(around):
    around.signed()
    start = around.now
    while not (mails := around.tick()):
        around.now += timedelta(seconds=10)
    assert LONGEST_WAIT <= around.now - start < LONGEST_WAIT + timedelta(minutes=2)
    assert mails[0].note is None
    assert f"/points-de-controle/{UAI}" in mails[0].body
    assert len(mails) == 6


def test_a_school_whose_log_has_no_key_does_not_wait(around):
    with around.inside() as session:
        session.execute(update(LogKey).values(retired_at=around.now))
        session.commit()
    around.signed()
    with around.inside() as session:
        kinds = list(
            session.scalars(select(OutgoingMail.kind).where(OutgoingMail.kind == "convention-signed"))
        )
    assert len(kinds) == 6


def test_the_bundle_holds_what_the_mail_gave_and_the_public_page_lists_it(around, app, root):
    held = around.newest()
    request_id = around.signed()
    client = app.test_client()
    with around.inside() as session:
        token = use_cases.new_link(
            session, session.get_one(SignatureRequest, request_id).signers[0], around.now
        )
        session.commit()
    assert client.get(f"/signer/{token}/preuve.zip").status_code == 409
    second = around.newest()
    content = client.get(f"/signer/{token}/preuve.zip").data
    trust = (root.certificate_pem.encode(),)
    for checkpoints in ((), (held.encode(),), (held.encode(), second.encode())):
        report = judge_file(content, ReaderInput(around.now, trust=trust, checkpoints=checkpoints))
        assert report.ok, report.failed()
    page = client.get(f"/points-de-controle/{UAI}").text
    assert note.fingerprint(second) in page
    size = second.split("\n")[1]
    assert client.get(f"/points-de-controle/{UAI}/{size}.txt").data.decode() == second
    assert note.fingerprint(second) in client.get("/points-de-controle").text
    for wrong in (f"{UAI}/9999.txt", f"{UAI}/{10**30}.txt", f"{UAI}/{size}.tsr", "0000000X"):
        assert client.get(f"/points-de-controle/{wrong}").status_code == 404


def _rewrite(around, change, *, resign=True):
    """Rewrite a school from end to end as its operator could: events, chains, log, checkpoints, current key in hand."""
    tenant = around.tenant
    with around.admin() as connection:
        rows = connection.execute(
            "select id, subject, canonical from evidence_events where tenant_id = %s order by log_index",
            [tenant],
        ).fetchall()
        heads, peaks, nodes = {}, [], []
        for size, (row, subject, canonical) in enumerate(rows):
            event = json.loads(change(size, canonical))
            event["previous_hash"] = heads.get(subject, "")
            text = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            heads[subject] = text_leaf_hash(text)
            connection.execute(
                "update evidence_events set canonical = %s, hash = %s, previous_hash = %s where id = %s",
                [text, heads[subject], event["previous_hash"], row],
            )
            grown, peaks = grow(size, peaks, leaf_hash(text.encode()))
            nodes += [(tenant, node.level, node.index, node.hash) for node in grown]
        for subject, head in heads.items():
            connection.execute(
                "update chain_heads set head_hash = %s where tenant_id = %s and subject = %s",
                [head, tenant, subject],
            )
        connection.execute("delete from log_nodes where tenant_id = %s", [tenant])
        connection.cursor().executemany("insert into log_nodes values (%s, %s, %s, %s)", nodes)
        connection.execute("update log_heads set peaks = %s where tenant_id = %s", [b"".join(peaks), tenant])
        connection.execute("delete from checkpoints where tenant_id = %s", [tenant])
        if resign:
            text = _signed_head(around, len(rows), root_of(peaks))
            connection.execute(
                "insert into checkpoints (id, tenant_id, size, root, note, stamp_attempts)"
                " values (gen_random_uuid(), %s, %s, %s, %s, 0)",
                [tenant, len(rows), root_of(peaks), text],
            )


def _signed_head(around, size, root):
    with around.process.sessions() as session:
        enter_tenant(session, around.tenant)
        key = active_key(session)
        return note.sign(note.body(key.origin, size, root), key.origin, signing_key(session, key, KEK))


def _backdate(size, canonical):
    """Move the fourth event to the year before."""
    return (
        re.sub(r'(?<="at":")\d{4}', lambda year: str(int(year[0]) - 1), canonical) if size == 3 else canonical
    )


def _with_columns(around):
    with around.admin() as connection:
        connection.execute(
            "update evidence_events set at = (canonical::json->>'at')::timestamptz where tenant_id = %s",
            [around.tenant],
        )


@pytest.mark.attack
@pytest.mark.real_processes
def test_a_whole_tenant_rewritten_with_the_keys_is_caught_by_an_earlier_checkpoint(around, tmp_path):
    held = around.newest()
    assert around.audit(held) == set()
    _rewrite(around, _backdate)
    _with_columns(around)
    assert around.audit() == set()  # nothing inside the database can tell
    assert around.audit(held) == {"checkpoint-differs"}
    around.signed()
    assert around.process.round() == 0  # and the process remembers
    assert around.process.refused
    file = tmp_path / "releve.txt"
    file.write_text(held, encoding="utf-8")
    found = _pfmp(around, "audit", "--tenant", UAI, "--checkpoint", str(file))
    assert (found.returncode, "checkpoint-differs" in found.stdout) == (1, True)


@pytest.mark.real_processes
def test_a_rewrite_that_changes_nothing_is_no_rewrite(around, tmp_path):
    held = around.newest()
    _rewrite(around, lambda _size, canonical: canonical)
    assert around.audit(held) == set()
    file = tmp_path / "releve.txt"
    file.write_text(held, encoding="utf-8")
    found = _pfmp(around, "audit", "--checkpoint", str(file))
    assert (found.returncode, found.stderr) == (0, "")
    assert "aucune anomalie" in found.stdout


@pytest.mark.attack
def test_a_split_view_is_caught(around):
    newest = around.newest()
    size = int(newest.split("\n")[1])
    shown_to_another = _signed_head(around, size, leaf_hash(b"another history"))
    assert around.audit(newest, shown_to_another) == {"checkpoint-differs"}


@pytest.mark.attack
def test_a_cut_tail_is_caught(around):
    newest = around.newest()
    size = int(newest.split("\n")[1])
    with around.admin() as connection:
        last = "select id from evidence_events where tenant_id = %s order by log_index desc limit 1"
        connection.execute(f"delete from evidence_salts where event_id in ({last})", [around.tenant])
        row = connection.execute(
            f"delete from evidence_events where id in ({last}) returning subject, previous_hash, sequence",
            [around.tenant],
        ).fetchone()
        connection.execute(
            "update chain_heads set length = %s, head_hash = %s where subject = %s",
            [row[2] - 1, row[1], row[0]],
        )
        connection.execute("delete from checkpoints")
    assert {"log-missing"} <= around.audit()
    with around.admin() as connection:
        hashes = [
            bytes.fromhex(each[0])
            for each in connection.execute(
                "select hash from evidence_events where tenant_id = %s order by log_index", [around.tenant]
            )
        ]
        peaks = []
        connection.execute("delete from log_nodes")
        for place, leaf in enumerate(hashes):
            nodes, peaks = grow(place, peaks, leaf)
            connection.cursor().executemany(
                "insert into log_nodes values (%s, %s, %s, %s)",
                [(around.tenant, n.level, n.index, n.hash) for n in nodes],
            )
        connection.execute("update log_heads set size = %s, peaks = %s", [size - 1, b"".join(peaks)])
    assert around.audit() == set()
    assert around.audit(newest) == {"checkpoint-ahead"}


TOUCHES = {
    "a node": ("update log_nodes set hash = decode(repeat('11', 32), 'hex') where level = 1 and index = 0", "log-node"),
    "a leaf": ("update log_nodes set hash = decode(repeat('11', 32), 'hex') where level = 0 and index = 4", "log-differs"),
    "a node removed": ("delete from log_nodes where level = 2 and index = 0", "log-node"),
    "a node added": ("insert into log_nodes select tenant_id, 0, 100, hash from log_nodes where level = 0 and index = 0", "log-differs"),
    "the head": ("update log_heads set peaks = decode(repeat('11', length(peaks)), 'hex')", "log-head"),
    "the size": ("update log_heads set size = 1000000000000", "log-missing"),
    "a place": ("update evidence_events set log_index = 1000 where log_index = 2", "log-missing"),
    "a checkpoint's column": ("update checkpoints set size = size + 1", "checkpoint-columns"),
    "a checkpoint": ("update checkpoints set note = regexp_replace(note, E'\\n[0-9]+\\n', E'\\n2\\n')", "checkpoint-unsigned"),
    "the key": ("update log_keys set certificate_pem = root_pem from tenant_authorities a where a.tenant_id = log_keys.tenant_id", "checkpoint-unsigned"),
}  # fmt: skip


@pytest.mark.attack
@pytest.mark.parametrize("touch", TOUCHES)
def test_the_audit_names_what_was_touched_in_the_log(touch, around):
    around.newest()
    assert around.audit() == set()
    statement, code = TOUCHES[touch]
    with around.admin() as connection:
        connection.execute(statement)
    assert code in around.audit()


def _pfmp(around, *arguments):
    env = {
        **os.environ,
        "PFMP_DATABASE_URL": around.settings.database_url,
        "PFMP_TRUST_ROOT": str(around.settings.trust_root),
    }
    command = [sys.executable, "-m", "pfmp_saas.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP, env=env)


@pytest.mark.parametrize("content", [b"", b"bonjour", b"a/0211033X\n1\nAAAA\n\n", b"\xff" * 40])
def test_what_is_no_checkpoint_is_refused_in_one_line(around, tmp_path, content):
    file = tmp_path / "x"
    file.write_bytes(content)
    found = _pfmp(around, "audit", "--checkpoint", str(file))
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (2, "", 1)
