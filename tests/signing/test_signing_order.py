"""A school whose type sets an order: each is invited when the one before has signed; and the checks it makes block."""

import json

import pytest
from sqlalchemy import select

from pfmp_saas.conventions import judging
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import Conflict, DomainError
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.models import EvidenceEvent
from pfmp_saas.evidence.verify import verify_pdf
from pfmp_saas.signing import queries, texts, use_cases
from pfmp_saas.signing.models import SignatureRequest, Signer
from pfmp_saas.signing.states import SignerState
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.types.revisions import edits
from pfmp_saas.types.revisions import use_cases as revisions
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.clock import NOW
from tests.support.ordering import ORDER, bound
from tests.support.pages import UAI


def signers(session, in_order):
    enter_tenant(session, in_order[0])
    return session.get_one(SignatureRequest, in_order[1]).signers


def sign(session, seeded, signer):
    now = NOW
    use_cases.sign(
        session, signer.id, shown_hash=signer.request.frozen_hash, consent=True, consent_text=texts.CONSENT,
        authentication=texts.BY_LINK, kek=seeded.key_encryption_key, now=now,
    )  # fmt: skip
    react(session, Around(seeded.base_url, now))


def invited(session):
    session.flush()
    statement = select(OutgoingMail.recipient).where(OutgoingMail.kind == "signing-invitation")
    return set(session.scalars(statement))


def test_each_is_invited_in_turn_and_the_document_ends_whole(seeded, session_factory, in_order, root):
    with session_factory.begin() as session:
        five = signers(session, in_order)
        assert [each.field for each in five] == list(ORDER)
        already = invited(session)
        for rank, signer in enumerate(five):
            assert {each.email for each in five[: rank + 1]} <= invited(session)
            assert not {each.email for each in five[rank + 1 :]} & (invited(session) - already)
            assert [each.id for each in queries.unsigned(session, signer.request)] == [signer.id]
            every = queries.signers_of(session, [in_order[1]])[in_order[1]]
            assert sum(each.state != SignerState.SIGNED for each in every) == 5 - rank
            sign(session, seeded, signer)
        pdf = queries.document(session, five[0].request)
    report = verify_pdf(pdf, trust=[root.certificate_pem.encode()], now=NOW)
    assert (report.ok, len(report.signers)) == (True, 5), report.failed()


def test_nobody_signs_before_his_turn_nor_is_shown_the_document_as_awaited(seeded, session_factory, in_order):
    with session_factory.begin() as session:
        last = signers(session, in_order)[-1]
        assert queries.awaiting(session, last.email) == []
        with pytest.raises(Conflict, match="tour"):
            sign(session, seeded, last)
        with pytest.raises(Conflict, match="tour"):
            use_cases.refuse(session, last.id, reason="Non.", authentication="x", now=NOW)


def test_the_first_event_names_the_type_and_the_data_that_made_the_document(session_factory, in_order):
    with session_factory() as session:
        enter_tenant(session, in_order[0])
        statement = select(EvidenceEvent).where(
            EvidenceEvent.subject == f"convention:{in_order[2]}", EvidenceEvent.kind == "frozen"
        )
        payload = json.loads(session.scalars(statement).one().canonical)["payload"]
    assert payload["type"] == in_order[3]
    assert len(payload["data"]) == 64


def test_a_warning_that_the_school_makes_blocking_stops_the_sending(seeded, session_factory):
    with session_factory.begin() as session:
        draft, _ = bound(session)
        draft.data = {**draft.data, "school": {**draft.data["school"], "board_date": None}}
        found = [each for each in judging.findings(session, draft) if each.where == "school.board_date"]
        assert [each.severity for each in found] == ["warn"]
    with session_factory.begin() as session:
        draft, _ = bound(session, edits.levels(("mention-missing",)))
        found = [each for each in judging.findings(session, draft) if each.where == "school.board_date"]
        assert [each.severity for each in found] == ["block"]
        with pytest.raises(DomainError, match="à corriger"):
            conventions.send(
                session,
                draft.id,
                kek=seeded.key_encryption_key,
                base_url=seeded.base_url,
                now=NOW,
            )


def test_a_convention_sent_on_the_base_stays_on_that_base(seeded, session_factory):
    with session_factory.begin() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        draft = session.scalars(select(Convention).where(Convention.state == "draft")).one()
        assert draft.base_digest is None
        conventions.send(session, draft.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)
        assert len(draft.base_digest) == 64
        assert revisions.type_of(session, draft).slug == "national-2016"
        assert (
            session.scalars(select(Signer.state).where(Signer.request_id == draft.request_id)).all()
            == ["invited"] * 5
        )
