"""Erasing a person from the evidence, and replacing keys: nothing else of the chains, the log and the PDF changes."""

import base64
import os
import re
import subprocess
import sys
from datetime import UTC

import pytest
from sqlalchemy import func, select, text

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.documents.sealing.keys import unwrap_key
from pfmp_saas.evidence.checkpoint.keys import all_keys
from pfmp_saas.evidence.erasure import erase
from pfmp_saas.evidence.events import read_event
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt, TenantAuthority
from pfmp_saas.evidence.queries import audit, events_of
from pfmp_saas.evidence.use_cases import authority
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.proof import proof_bundle
from pfmp_saas.tenants.queries import by_uai
from tests.support.browser import TOP
from tests.support.clock import NOW, PARIS
from tests.support.databases import KEK, database_name
from tests.support.pages import TUTOR, UAI

NEW_KEK = bytes(range(32, 64))


def _salts(session):
    return session.scalars(select(EvidenceSalt).where(EvidenceSalt.value.contains(TUTOR))).all()


def test_an_erased_person_is_unreadable_and_all_still_verifies(around, root):
    request_id = around.signed()
    held = around.newest()
    with around.inside() as session:
        closed = len(_salts(session))
        before = {row.id: row.canonical for row in session.scalars(select(EvidenceEvent))}
        assert erase(session, TUTOR.upper(), around.now) == closed > 0
        session.commit()
    assert around.audit(held) == set()
    around.newest()
    with around.inside() as session:
        assert _salts(session) == []
        assert (
            session.execute(text("select count(*) from evidence_salts where value like '%lambert%'")).scalar()
            == 0
        )
        after = {row.id: row.canonical for row in session.scalars(select(EvidenceEvent))}
        assert before.items() < after.items()
        assert [count for _, count in audit(session, NOW).erased] == [closed]
        request = session.get_one(SignatureRequest, request_id)
        last = read_event(events_of(session, request.evidence_subject)[-1].canonical)
        bundle = proof_bundle(session, request)
        assert erase(session, TUTOR, around.now) == 0
    assert (last.kind, last.payload["events"].split()) == (
        "erased",
        sorted(last.payload["events"].split(), key=int),
    )
    report = judge_file(
        bundle, ReaderInput(around.now, trust=(root.certificate_pem.encode(),), checkpoints=(held.encode(),))
    )
    assert report.ok, report.failed()
    told = next(check.reason for check in report.checks if check.name == "events")
    assert f"personnes effacées le {around.now:%d/%m/%Y}" in told


def test_another_person_and_another_school_stay_readable(around):
    with around.inside() as session:
        others = session.scalar(select(EvidenceSalt.value).where(~EvidenceSalt.value.contains(TUTOR)))
        assert erase(session, "ambert@garage-ducs.example", around.now) == 0
        assert erase(session, "%", around.now) == 0
        erase(session, TUTOR, around.now)
        assert (
            session.scalars(select(EvidenceSalt.value).where(EvidenceSalt.value == others)).first() == others
        )


TOUCHES = {
    "another name": ("update evidence_salts set value = 'Quelqu’un d’autre <x@y.example>' where id = (select id from evidence_salts limit 1)", "actor-differs"),
    "another salt": ("update evidence_salts set salt = decode(repeat('00', 32), 'hex') where id = (select id from evidence_salts limit 1)", "actor-differs"),
    "a name destroyed unsaid": ("update evidence_salts set value = null, salt = null where id = (select id from evidence_salts limit 1)", "actor-missing"),
    "a salt removed": ("delete from evidence_salts where id = (select id from evidence_salts limit 1)", "actor-missing"),
}  # fmt: skip


@pytest.mark.attack
@pytest.mark.parametrize("touch", TOUCHES)
def test_the_audit_names_a_person_changed_or_gone(touch, around):
    assert around.audit() == set()
    statement, code = TOUCHES[touch]
    with around.admin() as connection:
        connection.execute(statement)
    assert around.audit() == {code}


def _pfmp(around, *arguments, **more):
    kept = around.settings
    env = {
        **os.environ, "PFMP_DATABASE_URL": kept.database_url, "PFMP_REDIS_URL": kept.redis_url,
        "PFMP_SECRET_KEY": kept.secret_key, "PFMP_BASE_URL": kept.base_url, "PFMP_SMTP_HOST": "127.0.0.1",
        "PFMP_MAIL_FROM": "pfmp@pfmp.example", "PFMP_KEY_ENCRYPTION_KEY": _b64(KEK),
        "PFMP_OWNER_DATABASE_URL": around.postgres.owner_url(database_name(kept.database_url)), **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "pfmp_saas.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP, env=env)


def _b64(key):
    return base64.urlsafe_b64encode(key).decode()


@pytest.mark.real_processes
def test_erase_on_the_command_line(around):
    done = _pfmp(around, "erase", TUTOR)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{UAI} : 1 événements ne disent plus qui a agi" in done.stdout
    with around.inside() as session:
        closed = session.scalars(
            select(SignatureRequest.closed_at).where(SignatureRequest.state == "complete")
        )
        year = closed.one().astimezone(PARIS).year + 10
    assert re.search(
        rf"reste gardé jusqu’au [^:]*{year} .*Convention de PFMP no .* – Hugo Morel", done.stdout
    )
    assert re.search("reste gardé tant qu’il est en signature .* – Yanis Kaddour", done.stdout)
    assert _pfmp(around, "erase", TUTOR).returncode == 1
    for arguments in (["erase", "nobody"], ["erase", TUTOR, "--tenant", "9999999Z"]):
        refused = _pfmp(around, *arguments)
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    with around.inside() as session:
        erased = session.scalar(select(func.max(EvidenceSalt.erased_at))).astimezone(UTC)
    found = _pfmp(around, "audit", "--tenant", UAI)
    assert f"noms effacés le {erased:%d/%m/%Y}" in found.stdout


@pytest.mark.real_processes
def test_rotated_keys_leave_what_was_signed_valid_and_are_in_the_log(around, root_directory, root):
    held = around.newest()
    done = _pfmp(around, "keys", "rotate", "--tenant", UAI, "--root", root_directory, "--log")
    assert (done.returncode, done.stderr) == (0, "")
    request_id = around.signed()
    newest = around.newest()
    assert around.audit(held, newest) == set()
    with around.inside() as session:
        kinds = [event.kind for event in events_of(session, f"authority:{UAI}")]
        assert kinds == ["authority-opened", "authority-retired", "authority-opened"]
        assert [row.retired_at is None for row in all_keys(session)] == [False, True]
        bundle = proof_bundle(session, session.get_one(SignatureRequest, request_id))
    report = judge_file(
        bundle, ReaderInput(around.now, trust=(root.certificate_pem.encode(),), checkpoints=(held.encode(),))
    )
    assert report.ok, report.failed()  # the checkpoint held was signed by the key before
    for tenant, folder in (("9999999Z", root_directory), (UAI, "/nowhere")):
        refused = _pfmp(around, "keys", "rotate", "--tenant", tenant, "--root", folder)
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)


def _wrapped(around):
    with around.admin() as connection:
        return connection.execute(
            "select wrapped_key from tenant_authorities union all select wrapped_key from log_keys"
        ).fetchall()


@pytest.mark.real_processes
def test_rewrapping_changes_every_key_or_none(around):
    before = _wrapped(around)
    wrong = _pfmp(
        around,
        "keys",
        "rewrap",
        PFMP_KEY_ENCRYPTION_KEY=_b64(bytes(32)),
        PFMP_NEW_KEY_ENCRYPTION_KEY=_b64(NEW_KEK),
    )
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert _wrapped(around) == before
    assert _pfmp(around, "keys", "rewrap").returncode == 2  # the new key is not given
    done = _pfmp(around, "keys", "rewrap", PFMP_NEW_KEY_ENCRYPTION_KEY=_b64(NEW_KEK))
    assert (done.returncode, done.stderr) == (0, "")
    assert len([unwrap_key(bytes(row[0]), NEW_KEK) for row in _wrapped(around)]) == len(before) == 6
    with around.inside() as session:
        assert session.scalars(select(TenantAuthority)).one()
        assert authority(session, NEW_KEK).key_pem
    with around.sessions() as session:
        enter_tenant(session, by_uai(session, UAI).id)
