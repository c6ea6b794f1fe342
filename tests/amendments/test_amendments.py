"""Amendments: whom it concerns signs what changes, the convention takes its new state at that moment, and what was due moves."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pfmp_saas.amendments import queries, use_cases
from pfmp_saas.amendments.changes import changes
from pfmp_saas.amendments.models import Amendment
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.conventions.models import ConventionParty, Placement
from pfmp_saas.core.errors import Conflict, DomainError
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.moves import move
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence.events import read_event
from pfmp_saas.evidence.queries import audit, events_of
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.evidence.verify import verify_pdf
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups.models import Followup
from pfmp_saas.signing import queries as signing
from pfmp_saas.signing import texts
from pfmp_saas.signing.links import new_link, resolve_link
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.use_cases import refuse
from pfmp_saas.types.document import digest_of
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from tests.support.amending import LATER, NOW, TUTOR, sent, sign_all, signed, wish

SECRETARY = Actor("Chantal Roy", "secretariat@lp-eiffel.example", "establishment", "account")


def waiting(db, kind, subject):
    """When reminders of a kind are due, local days in order."""
    rows = db.scalars(select(DueItem).where(DueItem.kind == kind, DueItem.subject_id == subject))
    return sorted(row.due_at.date().isoformat() for row in rows if row.state == "waiting")


def mails(db, kind):
    db.flush()
    return list(db.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind)))


def test_all_sign_and_the_convention_takes_its_new_state(db, seeded, convention, root):
    before = convention.data
    row = sent(db, seeded, convention, periods=LATER, tutor=TUTOR)
    db.refresh(convention)
    assert convention.data == before  # until the last signature nothing moves
    assert {signer.name for signer in signing.get(db, row.request_id).signers} >= {TUTOR["name"]}
    sign_all(db, seeded, row.request_id)
    db.refresh(convention)
    db.refresh(row)
    assert (row.state, convention.state) == ("signed", "signed")
    assert convention.data["periods"] == LATER
    assert (convention.starts_on, convention.ends_on) == (date(2027, 1, 11), date(2027, 2, 12))
    assert row.before == before
    pdf = signing.document(db, signing.get(db, row.request_id))
    report = verify_pdf(pdf, trust=[root.certificate_pem.encode()], now=NOW + timedelta(days=60), expect=5)
    assert report.failed() == ()
    assert (report.kind, report.subject) == ("amendment", f"amendment:{row.id}")


def test_what_was_due_moves_with_the_last_day(db, seeded, convention):
    attestation = attestations.of_convention(db, convention.id)
    assert waiting(db, "attestation", attestation.id)[0] == "2027-02-05"
    assert waiting(db, "evaluation", convention.id) == ["2027-02-05"]
    signed(db, seeded, convention)
    db.refresh(attestation)
    assert attestation.due_on == date(2027, 2, 12)
    assert waiting(db, "attestation", attestation.id) == [
        "2027-02-12",
        "2027-02-13",
        "2027-02-15",
        "2027-02-19",
    ]
    assert waiting(db, "evaluation", convention.id) == ["2027-02-12"]
    due = {(act.kind, act.starts_on): act.due_on for act in followups.of_convention(db, convention.id)}
    assert due == {
        ("contact", date(2027, 1, 11)): date(2027, 1, 12),
        ("visit", date(2027, 1, 11)): date(2027, 1, 15),
        ("contact", date(2027, 1, 25)): date(2027, 1, 31),
        ("visit", date(2027, 1, 25)): date(2027, 2, 12),
    }
    known = {act.id for act in followups.of_convention(db, convention.id)}
    reminded = db.scalars(select(DueItem).where(DueItem.kind == "followup", DueItem.state == "waiting")).all()
    assert {item.subject_id for item in reminded if item.due_at > NOW} >= known


def test_a_day_that_moves_away_and_back_is_reminded_of_again(db, seeded, convention):
    first = convention.data["periods"]
    attestation = attestations.of_convention(db, convention.id)
    signed(db, seeded, convention)
    signed(db, seeded, convention, NOW + timedelta(days=1), periods=first)
    assert waiting(db, "attestation", attestation.id)[0] == "2027-02-05"
    assert len(waiting(db, "attestation", attestation.id)) == 4
    assert waiting(db, "evaluation", convention.id) == ["2027-02-05"]
    assert [row.rank for row in queries.of_convention(db, convention.id)] == [1, 2]


def test_an_act_that_was_noted_stays_when_its_period_goes(db, seeded, convention):
    contact = next(row for row in followups.of_convention(db, convention.id) if row.kind == "contact")
    move(db, Followup, contact.id, "record").done_on = date(2027, 1, 12)
    signed(db, seeded, convention, periods=[{"start": "2027-01-18", "end": "2027-02-12"}])
    kept = {(row.kind, row.starts_on, row.state) for row in followups.of_convention(db, convention.id)}
    assert kept == {
        ("contact", date(2027, 1, 11), "done"),
        ("contact", date(2027, 1, 18), "expected"),
        ("visit", date(2027, 1, 18), "expected"),
    }


def test_the_caps_count_the_new_dates(db, seeded, convention):
    signed(db, seeded, convention)
    rows = db.scalars(select(Placement).where(Placement.convention_id == convention.id, Placement.active))
    assert {(row.starts_on.isoformat(), row.ends_on.isoformat()) for row in rows} == {
        ("2027-01-11", "2027-01-15"),
        ("2027-01-25", "2027-02-12"),
    }


def test_a_new_tutor_enters_and_the_former_one_reads_nothing_more(db, seeded, convention):
    signed(db, seeded, convention, tutor=TUTOR)
    rows = db.scalars(select(ConventionParty).where(ConventionParty.convention_id == convention.id))
    parties = {(row.role, row.email) for row in rows}
    assert ("tutor", TUTOR["email"]) in parties
    assert ("tutor", "s.lambert@garage-ducs.example") not in parties
    assert len(parties) == 6  # the five, and the pupil whose mother signs


def test_each_party_receives_its_copy_once(db, seeded, convention):
    row = signed(db, seeded, convention, tutor=TUTOR)
    react(db, Around(seeded.base_url, NOW + timedelta(hours=1)))
    items = db.scalars(select(DueItem).where(DueItem.kind == "copies", DueItem.subject_id == row.request_id))
    assert [item.state for item in items] == ["waiting"]


def test_the_evidence_ties_it_to_the_signed_convention(db, seeded, convention):
    row = signed(db, seeded, convention)
    original = signing.get(db, convention.request_id)
    first = read_event(events_of(db, original.evidence_subject)[0].canonical)
    frozen, *acts = (read_event(event.canonical) for event in events_of(db, f"amendment:{row.id}"))
    assert frozen.payload["amends"] == original.frozen_hash
    assert frozen.payload["before"] == first.payload["data"] == digest_of(row.before)
    assert frozen.payload["data"] == digest_of(row.data) == digest_of(convention.data)
    assert frozen.payload["type"] == first.payload["type"]
    assert [act.kind for act in acts] == [*["signed"] * 5, "finished"]
    assert audit(db, NOW).faults == ()
    assert hashlib.sha256(signing.frozen_document(db, original)).hexdigest() == original.frozen_hash


def test_a_refusal_reaches_the_school_and_changes_nothing(db, seeded, convention):
    before = convention.data
    row = sent(db, seeded, convention)
    signer = signing.get(db, row.request_id).signers[1]
    refuse(db, signer.id, reason="Dates impossibles", authentication=texts.BY_LINK, now=NOW)
    react(db, Around(seeded.base_url, NOW))
    db.refresh(row)
    db.refresh(convention)
    assert (row.state, convention.state, convention.data) == ("refused", "signed", before)
    (mail,) = mails(db, "amendment-refused")
    assert "Dates impossibles" in mail.body
    assert "reste telle qu’elle est signée" in mail.body
    assert waiting(db, DueKind.UNSIGNED, row.request_id) == []
    assert sent(db, seeded, convention, NOW + timedelta(days=1)).rank == 2


def test_a_withdrawn_one_can_be_signed_no_more(db, seeded, convention):
    row = sent(db, seeded, convention)
    use_cases.withdraw(db, row.id, SECRETARY, NOW)
    with pytest.raises(Conflict):
        sign_all(db, seeded, row.request_id)
    assert [event.kind for event in events_of(db, f"amendment:{row.id}")] == ["frozen", "withdrawn"]
    with pytest.raises(Conflict):
        use_cases.withdraw(db, row.id, SECRETARY, NOW)


def test_who_has_not_signed_is_reminded_in_its_own_words(db, seeded, convention):
    row = sent(db, seeded, convention)
    assert waiting(db, DueKind.UNSIGNED, row.request_id) == ["2026-12-04", "2026-12-08", "2026-12-15"]
    signed_first = signing.get(db, convention.request_id)
    assert waiting(db, DueKind.UNSIGNED, signed_first.id) == []


def test_one_at_a_time_says_the_service_and_the_database(db, seeded, convention):
    row = sent(db, seeded, convention)
    with pytest.raises(Conflict, match="déjà en préparation"):
        use_cases.open_draft(db, convention.id, wish(), created_by=None)
    twin = {"before": {}, "data": {}, "nature": "change", "reason": "x", "state": "draft", "rank": 9}
    with pytest.raises(IntegrityError), db.begin_nested():
        db.add(Amendment(tenant_id=row.tenant_id, convention_id=convention.id, **twin))
        db.flush()


def test_only_a_signed_convention_is_amended(db, seeded, draft):
    with pytest.raises(Conflict, match="ne l’est pas"):
        use_cases.open_draft(db, draft.id, wish(), created_by=None)


def test_nothing_changed_is_not_sent(db, seeded, convention):
    row = use_cases.open_draft(db, convention.id, wish(periods=convention.data["periods"]), created_by=None)
    with pytest.raises(DomainError, match="Rien ne change"):
        use_cases.send(db, row.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)
    use_cases.abandon(db, row.id)
    assert list(queries.of_convention(db, convention.id)) == []


def test_the_law_is_asked_again(db, seeded, convention):
    week = {**convention.data["timetable"], "saturday": [["08:00", "12:00"]]}
    row = use_cases.open_draft(db, convention.id, wish(timetable=week), created_by=None)
    assert "weekly-hours" in {finding.code for finding in use_cases.findings(db, row)}
    with pytest.raises(DomainError, match="ne peut pas partir"):
        use_cases.send(db, row.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)


def test_a_draft_over_a_convention_that_changed_meanwhile_is_not_sent(db, seeded, convention):
    row = use_cases.open_draft(db, convention.id, wish(), created_by=None)
    convention.data = {**convention.data, "supervision": "autre"}
    with pytest.raises(Conflict, match="a changé depuis"):
        use_cases.send(db, row.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)


def test_who_came_of_age_signs_for_herself(db, seeded, convention):
    convention.data = {
        **convention.data,
        "student": {**convention.data["student"], "birth_date": NOW.date().replace(year=2008).isoformat()},
    }
    db.flush()
    row = sent(db, seeded, convention)
    capacities = {signer.capacity for signer in signing.get(db, row.request_id).signers}
    assert "Élève" in capacities
    assert "Représentant légal de l’élève" not in capacities


def test_the_same_input_gives_the_same_bytes(db, seeded, convention):
    row = use_cases.open_draft(db, convention.id, wish(), created_by=None)
    assert use_cases.preview(db, row).pdf == use_cases.preview(db, row).pdf


def test_changes_are_told_as_people_read_them():
    before = {
        "periods": [{"start": "2027-01-11", "end": "2027-02-05"}],
        "tutor": {"name": "A"},
        "works": ["28"],
    }
    after = {
        "periods": [{"start": "2027-01-11", "end": "2027-01-29"}],
        "tutor": {"name": "B", "email": "b@x.example"},
        "timetable": {"monday": [["08:00", "12:00"], ["13:30", "16:30"]], "sunday": []},
        "days": {"2027-01-12": []},
        "works": [],
    }
    told = {change.part: (change.before, change.after) for change in changes(before, after)}
    assert told == {
        "periods": (("du 11/01/2027 au 05/02/2027",), ("du 11/01/2027 au 29/01/2027",)),
        "timetable": (("Lundi : repos",), ("Lundi : 08:00–12:00 et 13:30–16:30",)),
        "days": (("(rien)",), ("12/01/2027 repos",)),
        "tutor": (("A",), ("B, b@x.example",)),
    }
    assert changes(before, before) == ()


def test_a_refused_attestation_is_awaited_again(db, seeded, convention):
    row = attestations.of_convention(db, convention.id)
    last = {"today": row.due_on, "kek": seeded.key_encryption_key, "base_url": seeded.base_url}
    at = datetime(2027, 2, 5, 15, tzinfo=UTC)
    said = {"effective_days": 20, "gratification": 0, "place": "Chenôve", "now": at, **last}
    request = attestation_use_cases.prepare(db, row.id, **said)
    refuse(db, request.signers[0].id, reason="19 jours", authentication=texts.BY_LINK, now=at)
    react(db, Around(seeded.base_url, at))
    db.refresh(row)
    assert row.state == "expected"
    (mail,) = mails(db, "attestation-refused")
    assert "19 jours" in mail.body
    again = attestation_use_cases.prepare(db, row.id, **{**said, "effective_days": 19})
    sign_all(db, seeded, again.id, at)
    db.refresh(row)
    assert row.state == "signed"


def test_the_links_of_a_replaced_tutor_open_nothing_more(db, seeded, convention):
    request = db.get_one(SignatureRequest, convention.request_id)
    of = {each.field: each for each in request.signers}
    former, head = (new_link(db, of[field], NOW) for field in ("tutor", "head"))
    assert resolve_link(db, former, NOW).state == "signed"
    signed(db, seeded, convention, tutor=TUTOR)
    assert resolve_link(db, former, NOW).state == "replaced"
    assert not resolve_link(db, former, NOW).opens_file
    assert resolve_link(db, head, NOW).state == "signed"
