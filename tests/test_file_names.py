"""Each domain has the same file names, so that whoever knows one knows all; what stands beside them says why."""

from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "pfmp_saas"
USUAL = {"__init__", "models", "states", "forms", "use_cases", "queries", "errors"}
BESIDE = {
    "tenants": {},
    "accounts": {
        "delegations": "the head's signature, delegated by a deed with dates",
        "factors": "the second factor of a sign-in, whatever it is",
        "passkeys": "WebAuthn",
        "operators": "the platform's own people, named by the database's owner",
        "kept": "what was typed when a session ended",
        "passwords": "hashing of passwords",
        "pending": "sign-ins that await a second factor",
        "recovery": "codes in the place of a lost factor",
        "roles": "staff roles, given and taken",
        "sessions": "who is signed in, and until when",
        "totp": "codes of an application",
        "vault": "passwords and sign-in links: asked one at a time, never read",
    },
    "roster": {},
    "deadlines": {"kinds": "the one list of what can fall due"},
    "signing": {
        "addresses": "a signer's address, corrected in place",
        "audit": "requests held to the evidence, for pfmp audit",
        "batches": "many documents signed with one consent",
        "frozen": "what the first event of a document commits to",
        "links": "secrets that lead to the ceremony",
        "handing": "copies owed to signers without an address",
        "paper": "signatures given on paper",
        "proof": "the proof bundle of a request",
        "reaching": "what is known of a signer's address: written to when, refused why",
        "opening": "freezing a document and inviting its signers, which is longer than all that follows",
        "carrying": "signatures carried over to a corrected version: opposition, the seal in the end",
        "codes": "the code that a school may ask beside the link",
        "delays": "how long carrying may be opposed",
        "remarks": "what a signer says instead of signing, or before",
        "retention": "what is erased of a request, and when",
        "rows": "columns that no signature covers, for pfmp audit",
        "scans": "uploads of signed paper, judged by content",
        "sealing": "acts put into the document",
        "texts": "what a signer consents to: kept in evidence by its hash",
    },
    "conventions": {
        "addresses": "where people are reached, once the school corrected an address",
        "audit": "a sent convention's rows held to its data, for pfmp audit",
        "amended": "a convention takes what an amendment gives it",
        "board": "the list by what is asked, its pages and its export",
        "calendar": "when placements take place",
        "caps": "counts across conventions, under locks",
        "duplicates": "two rows of one pupil become one",
        "filling": "hours written once for several days",
        "freeze": "what is frozen at sending, and who signs",
        "gratification": "what a convention's presence is paid",
        "known": "what a new draft holds at first",
        "judging": "what the law and the type say of a draft",
        "habits": "what a member keeps of the board",
        "hours": "weeks and days as a form shows them",
        "overrides": "derogations to what blocks, motivated",
        "inputs": "the inputs that a step's data ask",
        "merging": "two people on one draft",
        "overview": "figures of the page of the day",
        "own_fields": "fields that a school's type adds",
        "replacing": "a convention in signature, corrected by another version",
        "retention": "what is erased of a convention",
        "reuse": "hosts known from former conventions",
        "staff": "the school's own people on a convention, from its memberships",
        "steps": "the form's pages, as data",
    },
    "halves": {"asked": "which fields a host fills, as data"},
    "searches": {"kinds": "what a step of a search may be"},
    "campaigns": {
        "sendings": "many conventions sent in one act",
        "sharing": "pupils shared out between referents",
    },
    "accidents": {
        "audit": "what of an accident is in the evidence, for pfmp audit",
        "declaration": "the declaration prefilled, as a document",
    },
    "amendments": {
        "audit": "amendments held to the evidence, for pfmp audit",
        "changes": "what differs between before and after",
        "document": "the amendment's PDF",
        "renderings": "what was frozen rendered again, for pfmp audit",
    },
    "attestations": {
        "allowances": "the State allowance of the days attested",
        "audit": "figures held to the evidence, for pfmp audit",
        "checks": "what a host may attest",
    },
    "evaluations": {
        "audit": "what of an evaluation is in the evidence, for pfmp audit",
        "checks": "whether a questionnaire is answered",
    },
    "difficulties": {"audit": "what of a difficulty is in the evidence, for pfmp audit"},
    "followups": {"audit": "what of a follow-up is in the evidence, for pfmp audit"},
}


@pytest.mark.parametrize("domain", BESIDE)
def test_a_domain_has_the_usual_names_and_those_that_say_why(domain):
    names = {file.stem for file in (HOUSE / domain).glob("*.py")}
    assert names - USUAL == set(BESIDE[domain])
    assert {"models", "queries", "use_cases"} <= names | ({"queries"} if domain == "deadlines" else set())


def test_every_package_with_tables_of_its_own_is_a_domain():
    technical = {"core", "evidence", "types"}
    with_tables = {file.parent.name for file in HOUSE.glob("*/models.py")}
    assert with_tables - technical == set(BESIDE)


def test_reading_by_identifier_and_by_convention_stands_in_queries():
    for domain in BESIDE:
        for file in (HOUSE / domain).glob("*.py"):
            if file.stem != "queries":
                text = file.read_text(encoding="utf-8")
                assert "\ndef get(" not in text, file
                assert "\ndef of_convention(" not in text, file
