"""Events, their canonical text and their chain, without a database."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pfmp_saas.evidence.canonical import NotCanonical, canonical, parse
from pfmp_saas.evidence.chain import Head, replay
from pfmp_saas.evidence.events import (
    FIRST,
    Event,
    StoredEvent,
    commit,
    event_hash,
    new_nonce,
    new_salt,
    read_event,
    stored,
    text_leaf_hash,
)

AT = datetime(2026, 11, 23, 13, 5, 7, 123456, tzinfo=UTC)
TENANT, SUBJECT = "0090012B", "convention:7"


def chain_of(length, subject=SUBJECT, tenant=TENANT):
    head, rows = Head(), []
    for number in range(1, length + 1):
        at = AT + timedelta(minutes=number)
        event = Event(
            tenant, subject, number, head.hash, f"kind-{number}", at, new_nonce(), payload={"n": number}
        )
        rows.append(stored(event))
        head = head.then(rows[-1])
    return rows, head


def codes(rows, head, tenant=TENANT, subject=SUBJECT):
    return [(fault.sequence, fault.code) for fault in replay(rows, head, tenant=tenant, subject=subject)]


def test_canonical_text_sorts_keys_and_keeps_accents():
    assert canonical({"b": "é", "a": 1}) == '{"a":1,"b":"é"}'


@pytest.mark.parametrize(
    "text", ['{"b":1,"a":2}', '{"a": 1}', '{"a":1.0}', '{"a":1,"a":1}', "[]", "{", "[" * 100_000]
)
def test_text_that_is_not_canonical_is_refused(text):
    with pytest.raises(NotCanonical):
        parse(text)


def test_event_hash_is_the_rfc_6962_leaf_hash_of_its_text():
    # RFC 6962's empty leaf: SHA-256 of one zero byte
    assert text_leaf_hash("") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    event = Event(TENANT, SUBJECT, 1, FIRST, "sent", AT, "00" * 16)
    assert event_hash(event) == stored(event).hash == text_leaf_hash(stored(event).canonical)


def test_an_event_reads_back_as_it_was_written():
    event = Event(
        TENANT,
        SUBJECT,
        3,
        "ab" * 32,
        "signed",
        AT,
        new_nonce(),
        "c" * 64,
        "tutor",
        "email-link",
        "d" * 64,
        "e" * 64,
        {"é": [1]},
    )
    assert read_event(stored(event).canonical) == event


def test_the_same_instant_in_another_zone_gives_the_same_hash():
    event = Event(TENANT, SUBJECT, 1, FIRST, "sent", AT, "00" * 16)
    elsewhere = replace(event, at=AT.astimezone(timezone(timedelta(hours=4))))
    assert event_hash(event) == event_hash(elsewhere)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="fuseau"):
        stored(Event(TENANT, SUBJECT, 1, FIRST, "sent", AT.replace(tzinfo=None), "00" * 16))


@pytest.mark.parametrize(
    "change", [{"schema": "other/1"}, {"extra": 1}, {"at": "2026-11-23"}, {"at": None}, {"sequence": None}]
)
def test_an_event_with_other_fields_is_refused(change):
    value = json.loads(stored(Event(TENANT, SUBJECT, 1, FIRST, "sent", AT, "00" * 16)).canonical) | change
    if change == {"sequence": None}:
        del value["sequence"]
    with pytest.raises(NotCanonical):
        read_event(canonical(value))


@given(st.binary(min_size=16, max_size=40), st.text(), st.binary(min_size=16, max_size=40), st.text())
def test_commitments_agree_only_for_the_same_salt_and_value(salt, value, other_salt, other):
    # HMAC pads a short key with zeros, so trailing zeros of a salt do not count
    same = (salt.rstrip(b"\0"), value) == (other_salt.rstrip(b"\0"), other)
    try:
        assert (commit(salt, value) == commit(other_salt, other)) == same
    except UnicodeEncodeError:
        assert any(0xD800 <= ord(letter) <= 0xDFFF for letter in value + other)


def test_a_short_salt_is_refused_and_a_fresh_one_is_long_and_new():
    with pytest.raises(ValueError, match="16"):
        commit(b"short", "x")
    assert len(new_salt()) == 32
    assert new_salt() != new_salt()


@pytest.mark.parametrize("length", [0, 1, 2, 7])
def test_a_whole_chain_has_no_fault_in_any_order(length):
    rows, head = chain_of(length)
    assert codes(reversed(rows), head) == []


OTHER = {
    "tenant": "0310001X",
    "subject": "convention:8",
    "sequence": 9,
    "kind": "refused",
    "at": AT,
    "previous_hash": "f" * 64,
    "hash": "f" * 64,
    "canonical": "{}",
}


@pytest.mark.parametrize("position", [0, 2, 4])
@pytest.mark.parametrize("column", [field.name for field in fields(StoredEvent)])
def test_any_edited_column_is_a_fault(column, position):
    rows, head = chain_of(5)
    rows[position] = replace(rows[position], **{column: OTHER[column]})
    assert codes(rows, head)


@pytest.mark.parametrize("column", ["tenant", "subject", "sequence", "kind", "at", "previous_hash"])
def test_an_edited_column_is_named(column):
    rows, head = chain_of(5)
    rows[1] = replace(rows[1], **{column: OTHER[column]})
    messages = [fault.message for fault in replay(rows, head, tenant=TENANT, subject=SUBJECT)]
    assert f"la colonne {column} diffère du texte de l’événement" in messages


@pytest.mark.parametrize("position", range(5))
def test_a_deleted_row_is_a_fault(position):
    rows, head = chain_of(5)
    del rows[position]
    assert codes(rows, head) == [(5, "head-differs")] if position == 4 else [(position + 2, "gap")]


def test_a_deleted_row_hidden_by_renumbering_is_a_fault():
    rows, head = chain_of(3)
    rows = [rows[0], replace(rows[2], sequence=2)]
    assert {"column-differs", "wrong-previous", "head-differs"} <= {code for _, code in codes(rows, head)}


def test_two_swapped_rows_are_named():
    rows, head = chain_of(4)
    rows[1], rows[2] = replace(rows[2], sequence=2), replace(rows[1], sequence=3)
    found = codes(rows, head)
    assert (2, "column-differs") in found
    assert (3, "column-differs") in found


def test_an_edit_with_its_hash_made_again_breaks_the_next_link():
    rows, head = chain_of(3)
    event = replace(read_event(rows[1].canonical), kind="refused")
    rows[1] = stored(event)
    assert codes(rows, head) == [(3, "wrong-previous")]


def test_an_edit_of_the_last_row_with_its_hash_made_again_differs_from_the_head():
    rows, head = chain_of(3)
    rows[2] = stored(replace(read_event(rows[2].canonical), kind="refused"))
    assert codes(rows, head) == [(3, "head-differs")]


def test_a_row_twice_is_a_duplicate():
    rows, head = chain_of(3)
    assert codes([*rows, rows[1]], head) == [(2, "duplicate")]


def test_a_missing_head_and_an_emptied_chain_are_faults():
    rows, head = chain_of(3)
    assert codes(rows, None) == [(3, "head-missing")]
    assert codes([], head) == [(3, "head-differs")]
    assert codes([], None) == []


def test_events_of_another_school_or_subject_are_faults():
    rows, head = chain_of(2, subject="convention:8", tenant="0310001X")
    assert {code for _, code in codes(rows, head)} == {"wrong-tenant", "wrong-subject"}


KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_canonical_text_is_that_of_another_implementation(value):
    assert canonical(value) == rfc8785.dumps(value).decode()


@pytest.mark.parametrize("value", [{"a": 1.5}, {"a": 2**53}, {1: "a"}, {"\U0001f600": 1}, {"a": "\ud800"}])
def test_what_an_event_can_not_hold_is_refused(value):
    with pytest.raises(ValueError):
        canonical(value)
