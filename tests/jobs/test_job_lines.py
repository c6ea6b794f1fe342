"""What the worker logs: which job, whose school, how long; nothing of whom a mail is for or what a server answered."""

import json

import pytest

from pfmp_saas.core.logs import FIELDS
from tests.support.processes import worker_process
from tests.support.waiting import until
from tests.support.worker import sending_to


def _job(path):
    """The line about the mail's job, once it is whole; what else was due may have been done before."""
    lines = [json.loads(line) for line in path.read_text().split("\n")[:-1]]
    return next((line for line in lines if (line["event"], line.get("job")) == ("job", "send_mail")), None)


@pytest.mark.real_processes
def test_the_worker_s_lines_hold_no_person(seeded, session_factory, letter, server, redis, tmp_path):
    path = tmp_path / "log"  # the server refuses the address, and says it in its answer
    with path.open("wb") as log, worker_process(sending_to(seeded, server.port), log=log):
        until(lambda: _job(path) is not None, path.read_text)
    text = path.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(set(line) <= set(FIELDS) for line in lines)
    assert "x.example" not in text
    assert "unknown user" not in text
    done = _job(path)
    assert (done["job"], done["tenant"], done["status"]) == ("send_mail", letter[0], "good")
    failed = next(line for line in lines if line["event"] == "work failed")
    assert (failed["work"], failed["row"], failed["tenant"]) == ("OutgoingMail", letter[1], letter[0])
    assert failed["error"][0]["type"] == "smtplib.SMTPRecipientsRefused"
