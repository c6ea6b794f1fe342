"""A power cut that comes again and again: the worker and the checkpoint process, killed at random and started again."""

import random
import subprocess
import sys
import threading
from pathlib import Path

from pfmp_saas.core.settings import Settings
from tests.support.processes import descendants, environment, kill_tree


class Killer(threading.Thread):
    """Starts the workers and the checkpoint process, kills one of them every so often, starts again what stopped."""

    def __init__(self, settings: Settings, checkpoint_url: str, memory: Path) -> None:
        super().__init__(daemon=True)
        tsa = {"PFMP_TSA_URL": str(settings.tsa_url), "PFMP_TSA_TRUST": str(settings.tsa_trust)}
        self.env = {**environment(settings), **tsa, "PFMP_WORKERS": "2"}
        own = {"PFMP_CHECKPOINT_DATABASE_URL": checkpoint_url, "PFMP_CHECKPOINT_MEMORY": str(memory)}
        self.commands = {
            "worker": ([sys.executable, "worker.py"], self.env),
            "checkpoint": (
                [sys.executable, "-m", "pfmp_saas.cli.main", "checkpoint", "run", "--every", "0.2"],
                self.env | own,
            ),
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills, self.over = 0, threading.Event()
        self.random = random.Random(5)

    def run(self) -> None:
        while not self.over.is_set():
            self._start_all()
            self.over.wait(self.random.uniform(2, 6))
            self._kill_one()
        self._start_all()

    def _start_all(self) -> None:
        for name, (command, env) in self.commands.items():
            if name not in self.running or self.running[name].poll() is not None:
                self.running[name] = subprocess.Popen(command, env=env, start_new_session=True)

    def _kill_one(self) -> None:
        name = self.random.choice(["worker", "a child", "checkpoint"])
        if name == "a child":
            children = descendants(self.running["worker"].pid)
            if children:
                subprocess.run(
                    ["kill", "-9", str(self.random.choice(children))], check=False, stderr=subprocess.DEVNULL
                )
        else:
            kill_tree(self.running[name])
        self.kills += 1

    def stop(self) -> None:
        self.over.set()
        self.join(60)

    def end(self) -> None:
        for process in self.running.values():
            kill_tree(process)
