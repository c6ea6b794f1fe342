"""What the tests of documents share: a sealed file and its root, written in a folder."""

import os

import pytest

from tests.support.sealed_pdf import (
    stamped,
    world,
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "final.pdf").write_bytes(world().final)
    (tmp_path / "root.pem").write_text(world().root.certificate_pem)
    return tmp_path


@pytest.fixture
def same_ids(monkeypatch):
    """The random identifier of a revision is all that may differ."""
    world(), stamped()
    monkeypatch.setattr(os, "urandom", lambda size: b"\x01" * size)
