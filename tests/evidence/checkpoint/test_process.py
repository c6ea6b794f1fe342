"""The process that signs checkpoints, with its own role on a real database; what it refuses; what the audit sees."""

import json

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.migrations import MIGRATIONS, upgrade
from pfmp_saas.evidence.checkpoint import note
from pfmp_saas.evidence.checkpoint.keys import active_key, public_of
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.use_cases import Actor, record
from tests.support.clock import NOW
from tests.support.databases import database_name


def _write(session_factory, school_id, subject="convention:x", count=1):
    for _ in range(count):
        with session_factory.begin() as session:
            enter_tenant(session, school_id)
            record(
                session, subject=subject, kind="signed", actor=Actor("Nom", "a@b.example", "head", "email-link"),
                document_hash="0" * 64, consent_text=None, now=NOW,
            )  # fmt: skip


def _notes(session_factory, school_id):
    with session_factory() as session:
        enter_tenant(session, school_id)
        return list(session.scalars(select(StoredCheckpoint.note).order_by(StoredCheckpoint.size)))


def _audit(session_factory, school_id, root=None, **options):
    with session_factory() as session:
        enter_tenant(session, school_id)
        return audit(session, NOW, roots=[root.certificate_pem.encode()] if root else (), **options)


def _codes(found):
    return {fault.code for fault in found.faults}


def test_a_round_signs_each_log_that_grew_once(checkpoints, session_factory, school_id, root):
    assert checkpoints.round() == 3
    assert checkpoints.round() == 0
    _write(session_factory, school_id, count=3)
    assert checkpoints.round() == 1  # batched: three events, one checkpoint
    with session_factory() as session:
        enter_tenant(session, school_id)
        key = public_of(active_key(session))
    heads = [note.verify(text, key) for text in _notes(session_factory, school_id)]
    assert [head.size for head in heads] == sorted({head.size for head in heads})
    assert heads[-1].size == heads[0].size + 3
    found = _audit(session_factory, school_id, root)
    assert (found.checkpoints, found.faults) == (2, ())


def test_the_role_reads_logs_signs_checkpoints_and_nothing_else(checkpoints, school_id):
    with checkpoints.sessions() as session:
        assert session.execute(text("select count(*) from log_nodes")).scalar() > 0
    for statement in (
        "select * from evidence_events", "select * from accounts", "select * from tenant_authorities",
        "update log_nodes set hash = ''", "insert into log_heads values (gen_random_uuid(), 0, '')",
        "update checkpoints set note = ''", "delete from checkpoints",
    ):  # fmt: skip
        with checkpoints.sessions() as session, pytest.raises(Exception, match="permission denied"):
            session.execute(text(statement))


REWRITES = {
    "shorter": "update log_heads set size = size - 1",
    "other head": "update log_heads set peaks = decode(repeat('00', length(peaks)), 'hex')",
    "other leaf": "update log_nodes set hash = decode(repeat('00', 32), 'hex') where index = 0",
    "other nodes": "update log_nodes set hash = decode(repeat('00', 32), 'hex') where level > 0",
}


@pytest.mark.attack
@pytest.mark.parametrize("rewrite", REWRITES)
def test_an_inconsistent_head_is_refused_even_without_its_table(
    rewrite, checkpoints, session_factory, school_id, postgres, database
):
    checkpoints.round()
    _write(session_factory, school_id, count=2)
    with postgres.admin(database_name(database)) as connection:
        connection.execute(f"{REWRITES[rewrite]} where tenant_id = '{school_id}'" if "where" not in REWRITES[rewrite]
                           else f"{REWRITES[rewrite]} and tenant_id = '{school_id}'")  # fmt: skip
    assert checkpoints.round() == 0
    assert list(checkpoints.refused) == [school_id]
    with postgres.admin(database_name(database)) as connection:
        connection.execute("delete from checkpoints")  # its memory outside the database refuses as well
    checkpoints.round()
    assert list(checkpoints.refused) == [school_id]
    assert _notes(session_factory, school_id) == []


def test_without_a_rewrite_the_memory_outside_does_not_refuse(
    checkpoints, session_factory, school_id, postgres, database
):
    checkpoints.round()
    _write(session_factory, school_id, count=2)
    with postgres.admin(database_name(database)) as connection:
        connection.execute("delete from checkpoints")
    assert checkpoints.round() == 3
    assert checkpoints.refused == {}
    memory = json.loads(checkpoints.settings.memory.read_text(encoding="utf-8"))
    assert _notes(session_factory, school_id)[-1] in memory.values()


def test_what_was_written_before_logs_enters_them_in_order(
    seeded, session_factory, school_id, root, postgres, database
):
    _write(session_factory, school_id, count=3)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = postgres.owner_url(database_name(database))
    command.downgrade(config, "0003")
    upgrade(postgres.owner_url(database_name(database)))
    with session_factory() as session:
        enter_tenant(session, school_id)
        rows = session.scalars(select(EvidenceEvent).order_by(EvidenceEvent.log_index)).all()
        assert [row.log_index for row in rows] == list(range(len(rows)))
        assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert _audit(session_factory, school_id).faults == ()
    _write(session_factory, school_id)
    assert _audit(session_factory, school_id).faults == ()
