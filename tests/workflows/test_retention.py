"""The end of retention: names unreadable everywhere, chains and log whole, and the evidence says that it was done."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, text

from pfmp_saas.accidents.models import Accident
from pfmp_saas.amendments.audit import data_faults
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import Conflict
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.migrations import MIGRATIONS
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence.models import EvidenceEvent, EvidenceSalt
from pfmp_saas.evidence.queries import audit, events_of
from pfmp_saas.evidence.verify import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.law.retention import YEARS, Fate, kept_until
from pfmp_saas.signing import queries, retention, texts
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.proof import proof_bundle
from pfmp_saas.signing.use_cases import refuse
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import do_due, react
from pfmp_saas.workflows.register import register_faults
from tests.support.amending import NOW, sent
from tests.support.lived import noted
from tests.support.logged_school import LoggedSchool
from tests.support.pages import UAI, page

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
ROSTER = {
    "accounts",
    "memberships",
    "students",
    "guardians",
    "hosts",
    "establishment_settings",
    "sign_in_links",
    "roster_imports",
    "roster_files",
}
"""Whom the school knows today, whatever was signed: its own to keep up to date."""
NAMES = ("Léa", "Fontaine", "Benali", "Lambert", "nadia.fontaine@")


def end_all(db, seeded, now):
    """Do every due thing of retention, as the worker does on the day."""
    items = db.scalars(select(DueItem).where(DueItem.kind == "retention", DueItem.due_at <= now))
    done = 0
    for item in items.all():
        do_due(db, item, Around(seeded.base_url, now))
        done += 1
    db.commit()
    return done


def holding(operator, name):
    """The tables in which a name can still be read, in whatever column."""
    found = set()
    with operator.connect() as connection:
        tables = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
        for table in set(tables) - ROSTER:
            readable = f"select count(*) from {table} t where t::text ilike :name"
            raw = connection.scalars(
                text(
                    "select column_name from information_schema.columns "
                    "where table_name = :table and data_type = 'bytea'"
                ),
                {"table": table},
            ).all()
            readable += "".join(f" or position(convert_to(:plain, 'UTF8') in {column}) > 0" for column in raw)
            values = {"name": f"%{name}%"} | ({"plain": name} if raw else {})
            if connection.scalar(text(readable), values):
                found.add(table)
    return found


@given(days, st.sampled_from(list(Fate)))
def test_a_document_is_kept_whole_years(closed, fate):
    last = kept_until(closed, fate)
    assert last.year == closed.year + YEARS[fate]
    assert (last.month, last.day) in {(closed.month, closed.day), (2, 28)}


def test_the_day_that_does_not_exist_gives_the_one_before():
    assert kept_until(date(2028, 2, 29), Fate.UNSIGNED) == date(2029, 2, 28)
    assert kept_until(date(2026, 12, 31), Fate.SIGNED) == date(2036, 12, 31)


def test_it_falls_due_the_morning_after_the_last_day(db, convention):
    """In the establishment's zone: eight in the morning of Dijon."""
    item = db.scalars(
        select(DueItem).where(DueItem.kind == "retention", DueItem.subject_id == convention.request_id)
    ).one()
    assert item.due_at == datetime(2036, 11, 24, 7, tzinfo=UTC)


def test_what_nobody_signed_is_kept_a_year(db, seeded, convention):
    row = sent(db, seeded, convention, NOW + timedelta(days=1), activities=["Autres"])
    signer = queries.get(db, row.request_id).signers[0]
    refuse(db, signer.id, reason="non", authentication=texts.BY_LINK, now=NOW + timedelta(days=1))
    react(db, Around(seeded.base_url, NOW + timedelta(days=1)))
    item = db.scalars(
        select(DueItem).where(DueItem.kind == "retention", DueItem.subject_id == row.request_id)
    )
    assert item.one().due_at == datetime(2027, 12, 3, 7, tzinfo=UTC)


def test_at_the_end_no_name_is_readable_and_all_still_verifies(db, seeded, convention, operator, root):
    noted(db, convention)
    db.commit()
    holders = {name: holding(operator, name) for name in NAMES}
    assert all(
        {"signers", "conventions", "evidence_salts", "outgoing_mails"} & found for found in holders.values()
    )
    assert {"signers", "conventions", "amendments", "evidence_salts", "stored_files"} <= holders[
        "Lambert"
    ] | {"stored_files"}
    others = {name: _others(operator, name) for name in NAMES}
    before = {row.id: row.canonical for row in events_of(db, f"convention:{convention.id}")}
    assert end_all(db, seeded, datetime(2037, 1, 1, tzinfo=UTC)) >= 2
    for name in NAMES:
        assert holding(operator, name) <= others[name], name
    db.expire_all()
    row = db.get(Convention, convention.id)
    assert (row.state, row.data, row.student_name, row.parties) == (
        "erased",
        {"type": "national-2016"},
        "",
        [],
    )
    after = {each.id: each.canonical for each in events_of(db, f"convention:{convention.id}")}
    assert before.items() < after.items()
    found = audit(db, NOW)
    assert found.faults == ()
    assert sum(count for _, count in found.erased) >= 12
    means = ReaderInput(NOW, trust=(root.certificate_pem.encode(),))
    assert [*document_faults(db, UAI, means), *data_faults(db, UAI), *register_faults(db, UAI)] == []
    assert db.scalars(select(Accident)).all() == []
    salts = select(EvidenceSalt.salt).join(EvidenceEvent, EvidenceEvent.id == EvidenceSalt.event_id)
    mine = EvidenceEvent.subject.startswith("accident:"), EvidenceEvent.kind != "erased"
    assert set(db.scalars(salts.where(*mine))) == {None}


def _others(operator, name):
    """Where a name stands because of other files of the school, which are still kept."""
    return holding(operator, name) if name in {"Benali", "Lambert"} else set()


def test_a_bundle_made_before_still_verifies(
    db, seeded, convention, root, session_factory, postgres, database
):
    world = LoggedSchool(seeded, session_factory, postgres, database)
    world.newest()
    db.rollback()
    request = queries.get(db, convention.request_id)
    bundle = proof_bundle(db, request)
    end_all(db, seeded, datetime(2037, 1, 1, tzinfo=UTC))
    means = ReaderInput(NOW + timedelta(days=30), trust=(root.certificate_pem.encode(),))
    assert judge_file(bundle, means).ok


def test_the_pages_say_so_and_the_document_is_gone(db, seeded, convention, office):
    identifier = convention.id
    amendment = db.scalars(
        select(SignatureRequest.subject_id).where(SignatureRequest.subject_kind == "amendment")
    )
    end_all(db, seeded, datetime(2037, 1, 1, tzinfo=UTC))
    base = f"/ecole/{UAI}/conventions/{identifier}"
    shown = page(office.get(base))
    assert "au terme de sa conservation" in shown
    assert "Fontaine" not in shown.split("<main")[1]
    for path in ("convention.pdf", "preuve.zip"):
        gone = office.get(f"{base}/{path}")
        assert (gone.status_code, "au terme de sa conservation" in page(gone)) == (410, True)
    listed = page(office.get(f"/ecole/{UAI}/conventions"))
    assert "Noms effacés" in listed
    assert "Élève à choisir" not in listed
    assert "Effacé le" in page(office.get(f"/ecole/{UAI}/avenants/{amendment.one()}"))


def test_it_is_done_once_and_never_while_open(db, seeded, convention):
    row = sent(db, seeded, convention, NOW + timedelta(days=1), activities=["Autres"])
    with pytest.raises(Conflict):
        retention.purge(db, queries.get(db, row.request_id), NOW)
    db.rollback()
    assert end_all(db, seeded, datetime(2037, 1, 1, tzinfo=UTC))
    count = len(events_of(db, f"convention:{convention.id}"))
    retention.purge(db, queries.get(db, convention.request_id), NOW)
    assert len(events_of(db, f"convention:{convention.id}")) == count


def test_who_says_that_a_document_was_erased_must_have_the_evidence_say_it(db, seeded, convention, operator):
    with operator.begin() as connection:
        values = {"request": convention.request_id, "convention": convention.id}
        connection.execute(
            text("update signature_requests set erased_at = now() where id = :request"), values
        )
    codes = {fault.code for fault in document_faults(db, UAI, ReaderInput(NOW))}
    assert codes == {"erasure-unrecorded"}
    with operator.begin() as connection:
        connection.execute(text("update signature_requests set erased_at = null"))
        connection.execute(text("update conventions set state = 'erased' where id = :convention"), values)
    db.expire_all()
    assert {fault.code for fault in data_faults(db, UAI)} == {"convention-erased"}


def test_the_rest_of_the_school_is_untouched(db, seeded, convention):
    yanis = db.scalars(select(Convention).where(Convention.student_name == "Yanis Kaddour")).one()
    data, mails = yanis.data, len(db.scalars(select(OutgoingMail)).all())
    end_all(db, seeded, datetime(2036, 11, 25, tzinfo=UTC))
    db.expire_all()
    assert db.get(Convention, yanis.id).data == data
    assert 0 < len(db.scalars(select(OutgoingMail)).all()) < mails


def test_what_was_closed_before_falls_due_as_well(postgres):
    """A service that is brought up to date: its closed documents are erased in their time like the others."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = postgres.owner_url(name)
    command.upgrade(config, "0015")
    admin = create_engine(postgres.owner_url(name).replace("pfmp_owner@", "postgres@"))
    with admin.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))  # the rows that matter, alone
        connection.execute(
            text(
                "insert into establishments (id, uai, name, territory, timezone, type_slug) "
                "values (:school, '0000000A', 'x', '21', 'Europe/Paris', 'national-2016')"
            ),
            {"school": uuid.UUID(int=1)},
        )
        for number, (state, closed) in enumerate(
            [("complete", "2026-02-28 10:00+00"), ("refused", "2026-03-01 10:00+00"), ("open", None)], start=1
        ):
            connection.execute(
                text(
                    "insert into signature_requests (id, tenant_id, subject_kind, subject_id, title, evidence_subject, "
                    "file_id, frozen_hash, frozen_length, timestamped, in_order, state, opened_at, closed_at) values "
                    "(:id, :school, 'convention', :id, 'x', 'x', :id, 'x', 1, false, false, :state, now(), :closed)"
                ),
                {"id": uuid.UUID(int=number), "school": uuid.UUID(int=1), "state": state, "closed": closed},
            )
    command.upgrade(config, "head")
    with admin.connect() as connection:
        rows = connection.execute(text("select subject_id, due_at from due_items where kind = 'retention'"))
        due = {row.subject_id.int: row.due_at.astimezone(UTC).date().isoformat() for row in rows}
    assert due == {1: "2036-02-29", 2: "2027-03-02"}
    admin.dispose()
    postgres.drop_database(name)
