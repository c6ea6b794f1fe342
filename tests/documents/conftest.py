"""What the tests of documents share: a sealed file and its root, written in a folder."""

import pytest

from tests.support.sealed_pdf import (
    world,
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "final.pdf").write_bytes(world().final)
    (tmp_path / "root.pem").write_text(world().root.certificate_pem)
    return tmp_path
