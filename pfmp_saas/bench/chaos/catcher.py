"""A mail catcher in a process of its own, so that it may be hung: `python -m pfmp_saas.bench.chaos.catcher DIRECTORY PORT`."""

import email
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from pfmp_saas.demo.services import TOP, MailCatcher, free_port


class CatcherProcess:
    """The demonstration's mail catcher, with the same two names, in a process of its own."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory, self.port = directory, free_port()
        arguments = [sys.executable, "-m", "pfmp_saas.bench.chaos.catcher", str(directory), str(self.port)]
        self._process = subprocess.Popen(arguments, cwd=TOP, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it listens

    def hang(self) -> None:
        """Stop it where it is: connections are accepted by the system, and nothing is ever answered."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        os.kill(self._process.pid, signal.SIGCONT)

    def received(self) -> Counter[tuple[str, str]]:
        """Return how many times each mail came, by its Message-ID without the domain and its recipient's address."""
        messages = (
            email.message_from_bytes(path.read_bytes(), policy=default)
            for path in self.directory.glob("*.eml")
        )
        return Counter((named(str(each["Message-ID"])), parseaddr(str(each["To"]))[1]) for each in messages)

    def stop(self) -> None:
        """End it."""
        self.go_on()
        self._process.kill()
        self._process.wait()


def named(message_id: str) -> str:
    """Return what tells a mail from the others in its Message-ID: the domain is put there when it leaves."""
    return message_id.strip().partition("@")[0]


def main() -> None:
    """Catch mails until killed."""
    catcher = MailCatcher(Path(sys.argv[1]), int(sys.argv[2]))
    print(catcher.port, flush=True)
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)


if __name__ == "__main__":
    main()
