"""`pfmp render`: the same file twice, bad input in one line, nothing half written."""

import pytest
from click.testing import CliRunner

from pfmp_saas.cli.render import render as command
from tests.support.examples import DATA


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_the_command_writes_the_same_file_twice(tmp_path):
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    for target in (first, second):
        done = run(DATA / "national-2016.json", "-o", target)
        assert (done.exit_code, done.output) == (0, "")
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.pdf", "2.pdf"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"{", "JSON"),
        (b"[1, 2]", "objet"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[" * 100_000, "JSON"),
        (b'{"type": "inconnu"}', "inconnu"),
        (b'{"type": ["national-2016"]}', "inconnu"),
        (b"{}", "inconnu"),
        (b'{"type": "national-2016", "student": ["L\\u00e9a"]}', "student"),
        (b'{"type": "national-2016", "periods": "toujours"}', "periods"),
    ],
)
def test_bad_input_is_one_line_and_exit_2_and_writes_nothing(tmp_path, written, reason):
    (tmp_path / "in.json").write_bytes(written)
    done = run(tmp_path / "in.json", "-o", tmp_path / "out.pdf")
    assert done.exit_code == 2
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.json"]


def test_an_unwritable_output_or_an_absent_input_is_refused(tmp_path):
    assert run(DATA / "national-2016.json", "-o", tmp_path / "absent" / "out.pdf").exit_code == 2
    assert run(DATA / "national-2016.json", "-o", tmp_path).exit_code == 2
    assert run(tmp_path / "absent.json", "-o", tmp_path / "out.pdf").exit_code == 2
    assert list(tmp_path.iterdir()) == []
