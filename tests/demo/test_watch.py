"""The demonstration starts again what dies, and gives up what dies at once each time."""

import subprocess
import sys

import pytest

from pfmp_saas.demo import run


def _process(code):
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)


def test_what_dies_is_started_again_and_the_others_go_on(capfd):
    others, dead = _process("input()"), _process("")
    dead.wait()
    children = [others, dead]

    def again():
        raise run._Stop

    with pytest.raises(run._Stop):
        run._watch(children, [None, again])
    assert children[0].poll() is None
    assert "il repart" in capfd.readouterr().err
    others.kill()
    others.wait()


def test_what_dies_at_once_each_time_ends_the_demonstration(capfd):
    started = []

    def start():
        child = _process("raise SystemExit(3)")
        child.wait()
        started.append(child)
        return child

    assert run._watch([start()], [start]) == 1
    assert len(started) == run._MOST_DEATHS
    assert "s’arrête sans cesse" in capfd.readouterr().err
