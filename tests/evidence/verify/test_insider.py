"""Attacks by an operator who holds the authority's key, or by whoever makes certificates of their own."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.fields import MDPPerm

from pfmp_saas.documents.sealing import prepare
from pfmp_saas.documents.sealing.authority import Issuer, issue_seal, make_tenant_authority
from pfmp_saas.documents.sealing.objects import (
    name,
    points,
)
from tests.support.insiders import (
    appearance_with,
    borrow,
    certified_with,
    forged_world,
    grow,
    insider,
    insider_field,
    note,
    one_revision,
    turn,
)
from tests.support.sealed_pdf import CAPACITIES, NOW, SCHOOL, UAI, sign, world
from tests.support.tampering import (
    FINAL_FIELD,
    TAMPERS,
    add_field,
    attach,
    failed,
    field_named,
    judge,
    launch,
    layer,
    nothing,
    reason,
    script,
    updated,
)


def test_the_insider_s_tool_makes_a_good_file_when_it_tampers_with_nothing():
    assert judge(insider(world().steps[4], FINAL_FIELD, nothing)).ok


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_change_in_the_revision_of_a_signature_is_seen(tamper):
    assert "modifications" in failed(insider(world().steps[4], FINAL_FIELD, tamper))


@pytest.mark.parametrize("tamper", TAMPERS)
def test_an_unsigned_revision_between_two_signatures_is_seen(tamper):
    pdf = updated(world().steps[4], tamper)
    assert "modifications" in failed(insider(pdf, FINAL_FIELD, nothing))


def test_a_field_signed_and_moved_at_once_is_seen():
    def move_own(update):
        field_named(update, FINAL_FIELD).get_object()[name("/Rect")] = points((60, 240, 260, 390))

    assert failed(insider(world().steps[4], FINAL_FIELD, move_own)) == {"modifications", "appearance"}


def test_an_honest_appearance_passes():
    assert judge(appearance_with(lambda *_: None)).ok


@pytest.mark.parametrize("change", [grow, turn, borrow])
def test_an_appearance_that_leaves_its_place_is_seen(change):
    assert failed(appearance_with(change)) == {"modifications", "appearance"}


@pytest.mark.attack
def test_an_older_object_brought_back_is_seen():
    """Shadow attack: a revision's table points at bytes that an earlier signature covered, hidden until then."""
    pdf = insider(world().steps[4], FINAL_FIELD, nothing)
    start = pdf.rfind(b"\nxref") + 1
    lines = re.findall(rb"\d{10} \d{5} n", pdf[start:])
    hidden = b"%010d 00000 n" % pdf.find(b"obj", 100)
    assert failed(pdf[:start] + pdf[start:].replace(lines[0], hidden, 1))


@pytest.mark.attack
def test_a_sixth_signature_is_seen():
    def sixth(update):
        add_field(update)

    pdf = updated(world().final, sixth)
    pdf = insider_field(pdf, "sixth")
    assert failed(pdf) >= {"expected-signatures", "modifications"}


def test_a_plain_document_certified_passes():
    assert judge(certified_with(lambda _: one_revision(lambda _canvas: None))).ok


@pytest.mark.parametrize("tamper", [note, lambda canvas: canvas.setViewerPreference("Direction", "L2R")])
def test_what_the_renderer_never_writes_in_the_frozen_document_is_seen(tamper):
    assert failed(certified_with(lambda _: one_revision(tamper))) == {"active-content"}


@pytest.mark.parametrize("tamper", [script, launch, layer, attach])
def test_active_or_hidden_content_in_the_certified_revision_is_seen(tamper, monkeypatch):
    whole = prepare._catalogue

    def with_tamper(update, fields, stated):
        whole(update, fields, stated)
        tamper(update)

    assert judge(certified_with(lambda pdf: pdf)).ok
    monkeypatch.setattr(prepare, "_catalogue", with_tamper)
    assert failed(certified_with(lambda pdf: pdf)) == {"active-content"}


@pytest.mark.attack
@pytest.mark.parametrize("level", [1, 3])
def test_a_certification_that_permits_more_is_seen(level, monkeypatch):
    class Levels:
        FILL_FORMS = MDPPerm(level)

    monkeypatch.setattr(prepare, "MDPPerm", Levels)
    pdf = certified_with(lambda pdf: pdf)
    assert ("certification" in failed(pdf)) == (level == 3)


@pytest.mark.attack
def test_a_certification_of_another_rendering_is_seen(monkeypatch):
    whole = prepare.statement
    monkeypatch.setattr(
        prepare,
        "statement",
        lambda about, _sha, size, places, **more: whole(about, "0" * 64, size, places, **more),
    )
    assert failed(certified_with(lambda pdf: pdf)) == {"certification"}


def test_a_whole_file_made_under_a_root_of_the_same_name_is_seen():
    assert failed(forged_world().final) == {"trust"}
    assert judge(forged_world().final, trust=forged_world().trust).ok


def test_one_signature_made_under_a_root_of_the_same_name_is_seen():
    key = forged_world().key(FINAL_FIELD)
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"trust"}


def test_a_certificate_from_another_school_s_authority_is_seen():
    key = world().key(FINAL_FIELD, world().stranger)
    pdf = sign(key, FINAL_FIELD, world().steps[4])
    assert failed(pdf) == {"trust"}
    assert "autre établissement" in reason(pdf, "trust")


def test_a_certificate_for_another_school_is_seen():
    key = world().key(FINAL_FIELD, world().stranger, uai="0310001X")
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"trust", "identity"}


@pytest.mark.attack
def test_signing_in_another_s_capacity_is_seen():
    key = world().key(FINAL_FIELD, capacity=CAPACITIES["head"])
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"identity"}


@pytest.mark.attack
def test_the_school_s_seal_is_not_a_person():
    key = issue_seal(world().authority, SCHOOL, UAI, NOW)
    assert "identity" in failed(sign(key, FINAL_FIELD, world().steps[4]))


def test_a_name_shown_that_is_not_the_certificate_s_is_seen():
    key = world().key(FINAL_FIELD, name="Quelqu’un d’autre")
    assert failed(sign(key, FINAL_FIELD, world().steps[4])) == {"identity"}


@pytest.mark.parametrize("shift", [timedelta(days=401), timedelta(minutes=-10), timedelta(days=4000)])
def test_a_time_outside_the_certificate_s_life_is_seen(shift):
    pdf = sign(world().key(FINAL_FIELD), FINAL_FIELD, world().steps[4], NOW + shift)
    assert failed(pdf) == {"trust"}


@pytest.mark.attack
def test_a_time_to_come_is_seen():
    assert failed(world().final, now=NOW - timedelta(minutes=6)) == {"trust"}


@pytest.mark.attack
def test_a_person_s_certificate_can_not_issue_another():
    person = world().key("head")
    key = person._key
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    issuer = Issuer(person.certificate.public_bytes(Encoding.PEM).decode(), world().root.certificate_pem, pem)
    assert failed(sign(world().key(FINAL_FIELD, issuer), FINAL_FIELD, world().steps[4]))


@pytest.mark.attack
def test_an_authority_that_another_authority_made_is_seen():
    deeper = make_tenant_authority(world().authority, SCHOOL, UAI, NOW)
    deeper = replace(deeper, root_pem=world().root.certificate_pem)
    assert failed(sign(world().key(FINAL_FIELD, deeper), FINAL_FIELD, world().steps[4]))
