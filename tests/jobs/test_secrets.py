"""A mail that has left keeps no secret of its link; one that waits keeps it, or it could not leave."""

import re
import uuid
from email import message_from_bytes
from email.policy import default

import pytest

from pfmp_saas.core import mail
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.mail_templates import MailKind
from pfmp_saas.core.retries import WorkState
from pfmp_saas.jobs import work
from pfmp_saas.jobs.runtime import configure
from tests.support.clock import NOW
from tests.support.worker import sending_to

SECRET = "s" * 43


def _row(session_factory, tenant, row_id):
    with session_factory() as session:
        enter_tenant(session, tenant)
        return session.get_one(OutgoingMail, row_id)


@pytest.mark.attack
def test_a_mail_that_has_left_keeps_no_secret(seeded, session_factory, tenant, mails):
    configure(sending_to(seeded, mails.port), lambda: NOW)
    with session_factory.begin() as session:
        enter_tenant(session, tenant)
        values = {"url": f"https://x.example/entree/{SECRET}", "hours": 24}
        row = mail.send(
            session,
            MailKind.SIGN_IN_LINK,
            ("Ana", "ana@x.example"),
            subject_id=uuid.uuid4(),
            occurrence="1",
            **values,
        )
        session.flush()
        row_id = row.id
    assert SECRET in _row(session_factory, tenant, row_id).body
    work.send_mail(str(tenant), str(row_id))
    left = _row(session_factory, tenant, row_id)
    assert left.state == WorkState.DONE
    assert SECRET not in left.body + (left.html or "")
    assert "/entree/…" in left.body
    (received,) = [
        message_from_bytes(file.read_bytes(), policy=default)
        for file in sorted(mails.directory.glob("*.eml"))
    ]
    assert re.search(f"/entree/{SECRET}", received.get_body(("plain",)).get_content())
