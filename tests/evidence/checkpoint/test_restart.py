"""A log restored to an older state: refused until it is restarted in the open, by two acts that the audit holds together."""

import json

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from pfmp_saas.cli.main import pfmp
from pfmp_saas.evidence.checkpoint import note
from pfmp_saas.evidence.checkpoint.models import StoredCheckpoint
from pfmp_saas.evidence.restart import declare_lost
from pfmp_saas.evidence.verify.log.checkpoint import lost_by, read_head
from tests.support.clock import NOW
from tests.support.pages import UAI


def _memory(around):
    return next(
        text for text in json.loads(around.memory.read_text(encoding="utf-8")).values() if UAI in text
    )


def _first(around):
    """The checkpoint that the restored database still has: it names another head than the one that was lost."""
    with around.inside() as session:
        return session.scalars(select(StoredCheckpoint.note).order_by(StoredCheckpoint.size)).first()


def test_a_log_whose_tail_was_lost_goes_on_in_the_open(restored, tmp_path):
    lost = _memory(restored)
    held = tmp_path / "dernier.txt"
    held.write_text(lost, encoding="utf-8")
    told = CliRunner().invoke(
        pfmp, ["checkpoint", "lost", str(held), "--reason", "  sauvegarde du\n23 novembre "]
    )
    assert told.exit_code == 0, told.output
    restored.process.round()
    assert list(restored.process.refused) == [restored.tenant]
    assert restored.audit() == {"restart-unsigned"}
    signed = restored.process.restart_of(UAI)
    head = read_head(lost.encode())
    assert lost_by(signed.encode())[0] == (head.size, lost.split("\n")[2])
    assert _memory(restored) == signed
    assert restored.audit() == set()
    assert restored.audit(lost) & {"checkpoint-ahead", "checkpoint-differs"}
    restored.signed()
    restored.process.round()
    assert restored.process.refused == {}
    assert restored.audit() == set()
    printed = CliRunner().invoke(pfmp, ["audit", "--tenant", UAI]).output
    assert f"après la perte d’un relevé de {head.size} événements : sauvegarde du 23 novembre" in printed


@pytest.mark.attack
def test_no_machine_restarts_a_log_alone(restored):
    with restored.inside() as session:
        declare_lost(session, _first(restored).encode(), "disque perdu", NOW)
        session.commit()
    restored.process.restart_of(UAI)
    assert restored.audit() == {"restart-untold", "restart-unsigned"}


@pytest.mark.attack
def test_a_loss_is_told_by_a_checkpoint_of_this_log_alone(restored, tmp_path):
    head = read_head(_memory(restored).encode())
    stranger = Ed25519PrivateKey.generate()
    forged = tmp_path / "faux.txt"
    forged.write_text(note.sign(note.body(head.origin, head.size + 9, head.root), head.origin, stranger))
    told = CliRunner().invoke(pfmp, ["checkpoint", "lost", str(forged), "--reason", "x"])
    assert (told.exit_code, "aucune clé du journal" in told.output) == (2, True)
    restored.process.round()
    assert restored.audit() == set()


def test_what_lost_nothing_is_not_restarted(around, monkeypatch, postgres):
    around.newest()
    monkeypatch.setenv("PFMP_CHECKPOINT_DATABASE_URL", postgres.checkpoint_url(around.database))
    monkeypatch.setenv("PFMP_CHECKPOINT_MEMORY", str(around.memory))
    monkeypatch.setenv("PFMP_KEY_ENCRYPTION_KEY", "A" * 43 + "=")
    for uai, why in ((UAI, "il n’y a rien à reprendre"), ("0000000X", "aucun journal n’est celui de")):
        result = CliRunner().invoke(pfmp, ["checkpoint", "restart", "--tenant", uai])
        assert (result.exit_code, why in result.output) == (2, True), result.output
